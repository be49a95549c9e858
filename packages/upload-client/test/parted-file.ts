/** A file above the size of a single PUT, and a client for it: what the tests of uploads in parts start from. */
import { randomBytes } from 'node:crypto'
import { MIB } from '@studio/contracts/limits'
import { createUploadClient, type UploadClientOptions } from '../src/upload-client.ts'
import {
  createInMemoryServer,
  sha256,
  type CallName,
  type Fault,
  type InMemoryServer,
} from './in-memory-server.ts'
import { createTestClock } from './test-clock.ts'

export const PART = 1 * MIB
export const bytes = randomBytes(17 * MIB + 5)
export const PARTS = Array.from({ length: 18 }, (_, index) => index + 1)
export const request = {
  name: 'a',
  mimeType: '',
  target: { projectId: 'project00000001' },
  idempotencyKey: 'key-00000001',
}

export function serve(
  onCall: (name: CallName, index: number) => Fault = () => 'none',
  partSize: number | undefined = PART,
) {
  return createInMemoryServer(onCall, partSize === 0 ? {} : { partSize })
}

export function clientOf(server: InMemoryServer, options: Partial<UploadClientOptions> = {}) {
  return createUploadClient({
    files: server.files,
    sendBytes: server.sendBytes,
    inlineMaxBytes: MIB,
    random: () => 1,
    ...createTestClock(),
    ...options,
  })
}

export const source = () => new Blob([bytes])
export const wholeRequest = () => ({ ...request, source: source() })
export const stored = ({ rows }: InMemoryServer) =>
  [...rows.values()].map(({ state, bytes: got }) => ({ state, sha256: sha256(got ?? new Uint8Array()) }))
export const WHOLE = [{ state: 'ready', sha256: sha256(bytes) }]
export const puts = ({ calls }: InMemoryServer) => calls.filter((name) => name === 'put').length
