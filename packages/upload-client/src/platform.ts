/** What browsers and Node do differently: `#platform` of package.json is one of the two. */
import type { SendBytes } from './send-bytes.ts'

/** SHA-256 of bytes in memory, 64 lower-case hexadecimal digits. */
export type DigestBytes = (bytes: Uint8Array<ArrayBuffer>) => Promise<string>

export interface Platform {
  sendBytes: SendBytes
  digestBytes: DigestBytes
  /** How long an upload waits for a server that nobody hears of, before it fails: a day in browsers, ten minutes in Node. */
  patienceMilliseconds: number
}
