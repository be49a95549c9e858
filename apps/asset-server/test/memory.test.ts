/** How much memory an Asset Service takes when a thousand small files arrive at once: it runs as a process of its own. */
import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAssetServiceClient } from '@studio/asset-service/client'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import { encodeInlineUpload } from '@studio/contracts/inline-upload'
import { KIB } from '@studio/contracts/limits'
import { readWireError } from '@studio/contracts/studio-error'
import { bundleDoomedServer, type DoomedServers } from './doomed-server.ts'
import { createTestEnvironment } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'

const UPLOADS = 1_000
const SIZE = 64 * KIB
const MAX_RESIDENT_MIB = 200

let studio: TestStudio
let issuer: TestIssuer
let servers: DoomedServers

beforeAll(async () => {
  studio = await createTestStudio()
  issuer = await startTestIssuer()
  servers = await bundleDoomedServer()
})
afterAll(async () => {
  await issuer.close()
  await servers.remove()
})

/** proc(5): `VmHWM` is the peak of resident memory since it was cleared. */
async function peakMebibytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024
}

/** A server that has kept a request waiting for too long says so, and is asked again. */
async function onceThereIsRoom<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (readWireError(error)?.code !== 'BUSY') throw error
    }
  }
}

test.runIf(process.platform === 'linux')(
  'a thousand files of 64 KiB at once are all stored, in no more memory than a few',
  { timeout: 180_000 },
  async () => {
    const server = await servers.start(await createTestEnvironment(issuer))
    try {
      // All requests are made at once, and the last is answered when the machine is done with the others.
      const token = await issuer.sign(studio.userId, { exp: Math.floor(Date.now() / 1000) + 600 })
      const headers = async () => ({ authorization: `Bearer ${token}` })
      const client = createAssetServiceClient({ url: server.url, headers })
      await writeFile(`/proc/${server.pid}/clear_refs`, '5')
      const upload = async () => {
        const bytes = randomBytes(SIZE)
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        const request = {
          idempotencyKey: crypto.randomUUID(),
          name: 'noise.bin',
          mimeType: 'application/octet-stream',
          size: SIZE,
          sha256,
          projectId: studio.projectId,
        }
        const frame = encodeInlineUpload(request, bytes)
        const stored = await onceThereIsRoom(() => client.uploads.putInline.mutate(frame))
        expect(stored).toMatchObject({ size: SIZE, sha256 })
        return stored.fileId
      }
      const fileIds = await Promise.all(Array.from({ length: UPLOADS }, upload))
      expect(new Set(fileIds).size).toBe(UPLOADS)
      expect(await peakMebibytes(server.pid)).toBeLessThanOrEqual(MAX_RESIDENT_MIB)
    } finally {
      server.kill()
      await server.ended
    }
  },
)
