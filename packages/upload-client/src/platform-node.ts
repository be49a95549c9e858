/** Node, where an upload is a step of something that others wait for. */
import { createHash } from 'node:crypto'
import type { Platform } from './platform.ts'
import { sendBytes } from './send-bytes-node.ts'

const MINUTE = 60_000

/** OpenSSL hashes a part in the time that handing it to another thread takes (5 ms for 8 MiB, 6 by `crypto.subtle`). */
export const platform: Platform = {
  sendBytes,
  digestBytes: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
  patienceMilliseconds: 10 * MINUTE,
}
