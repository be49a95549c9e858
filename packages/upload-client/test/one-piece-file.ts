/** Files that go inline or by one PUT, and a client for them: what the tests of whole uploads start from. */
import { randomBytes } from 'node:crypto'
import { createUploadClient, type UploadClientOptions, type UploadRequest } from '../src/upload-client.ts'
import { createInMemoryServer, type CallName, type Fault } from './in-memory-server.ts'
import { createTestClock } from './test-clock.ts'

export const INLINE_MAX = 1_000
export const target = {
  projectId: 'project00000001',
  cardId: 'card00000000001',
  usage: 'attachment' as const,
}
export const small = randomBytes(INLINE_MAX)
export const large = randomBytes(INLINE_MAX + 1)

interface Scene {
  /** What goes wrong, by call in the order of their coming; afterwards nothing does. */
  faults?: Fault[]
  onCall?: (name: CallName) => void
  options?: Partial<UploadClientOptions>
}

export function setUp({ faults = [], onCall, options }: Scene = {}) {
  const { waits, ...clock } = createTestClock()
  const server = createInMemoryServer((name, index) => {
    onCall?.(name)
    return faults[index] ?? 'none'
  })
  const client = createUploadClient({
    files: server.files,
    sendBytes: server.sendBytes,
    inlineMaxBytes: INLINE_MAX,
    random: () => 1,
    ...clock,
    ...options,
  })
  const upload = (bytes: Uint8Array<ArrayBuffer>, request: Partial<UploadRequest> = {}) =>
    client.upload({ source: new Blob([bytes]), name: 'a.bin', mimeType: 'image/png', target, ...request })
  return { ...server, waits, upload, onlyRow: () => [...server.rows.values()][0] }
}
