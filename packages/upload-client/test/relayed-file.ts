/** A file for a server that takes bytes by tus only, and a client for it. */
import { randomBytes } from 'node:crypto'
import { createUploadClient, type UploadClientOptions } from '../src/upload-client.ts'
import { createInMemoryServer, type CallName, type Fault, type InMemoryServer } from './in-memory-server.ts'
import { createTestClock } from './test-clock.ts'

export const bytes = randomBytes(17 * 1024 * 1024)
export const source = () => new Blob([bytes])
export const relayRequest = () => ({
  source: source(),
  name: 'a',
  mimeType: '',
  target: { projectId: 'project00000001' },
  idempotencyKey: 'key-00000001',
})

export function relay(onCall: (name: CallName, index: number) => Fault = () => 'none') {
  return createInMemoryServer(onCall, { isRelay: true })
}

export function relayClient(server: InMemoryServer, options: Partial<UploadClientOptions> = {}) {
  return createUploadClient({
    files: server.files,
    sendBytes: server.sendBytes,
    inlineMaxBytes: 1,
    baseUrl: 'https://bff.test',
    random: () => 1,
    ...createTestClock(),
    ...options,
  })
}
