/** Imports over real servers: what the web gives becomes a file, and whatever goes wrong leaves nothing. */
import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ImportedFile, ImportUrl } from '@studio/contracts/file-life'
import type { FileId } from '@studio/contracts/file'
import { MIB } from '@studio/contracts/limits'
import { createHttpSource } from '../adapters/http-source.ts'
import { createAssetService, type AssetService } from '../index.ts'
import type { Ports } from '../ports/ports.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import { Crash, fusePorts } from '../testing/fuse.ts'
import { createServiceUnderTest, sha256Of, type ServiceUnderTest } from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'
import { startWebServer, type WebServer } from '../testing/web-server.ts'

const LARGE = new Uint8Array(randomBytes(20 * MIB + 3))
const PROGRAM = Buffer.from('4d5a90000300000004000000ffff0000b8', 'hex')

let studio: TestStudio
let web: WebServer
let tested: ServiceUnderTest
let service: AssetService
let ports: Ports
let now: Date

beforeAll(async () => {
  studio = await createTestStudio()
  web = await startWebServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://web.test').pathname
    if (path === '/notes.txt') response.setHeader('content-type', 'text/plain').end('from the web')
    else if (path === '/large.bin') response.setHeader('content-length', LARGE.length).end(LARGE)
    else if (path.startsWith('/endless')) {
      if (path.endsWith('.png')) response.setHeader('content-type', 'image/png')
      const piece = LARGE.subarray(0, MIB)
      const more = (): void => void (response.writable && response.write(piece, more))
      more()
    } else if (path === '/large-unknown') response.write(LARGE, () => response.end())
    else if (path === '/program.png') response.setHeader('content-type', 'image/png').end(PROGRAM)
    else if (path === '/huge') response.writeHead(200, { 'content-length': 1024 ** 4 }).write('x')
    else if (path === '/stops') {
      response.writeHead(200, { 'content-length': LARGE.length })
      response.write(LARGE.subarray(0, 9 * MIB), () => response.destroy())
    } else if (path === '/stands-still') {
      response.writeHead(200, { 'content-length': LARGE.length })
      response.write(LARGE.subarray(0, 9 * MIB))
    } else response.writeHead(404).end()
  })
})
afterAll(() => web.close())
beforeEach(async () => {
  now = new Date()
  tested = await createServiceUnderTest({ studio, now: () => now })
  ports = {
    ...tested.ports,
    httpSource: createHttpSource({ allowedAddresses: ['127.0.0.1'], allowedPorts: [web.port] }),
  }
  service = createAssetService(ports)
  return async () => {
    await ports.httpSource.close()
    await tested.close()
  }
})

const importOf = (path: string, change: Partial<ImportUrl> = {}): ImportUrl => ({
  idempotencyKey: crypto.randomUUID(),
  url: `${web.url}${path}`,
  target: { projectId: studio.projectId, cardId: studio.cardId },
  usage: 'attachment',
  ...change,
})
const bring = (request: ImportUrl): Promise<ImportedFile> => service.importUrl(tested.actor, request)
const statusOf = (fileId: FileId): Promise<ImportedFile> => service.importStatus(tested.actor, { fileId })
const untilOver = async (fileId: FileId): Promise<ImportedFile> => {
  const isOver = async () => expect((await statusOf(fileId)).state).not.toBe('importing')
  await vi.waitFor(isOver, { timeout: 20_000, interval: 50 })
  return statusOf(fileId)
}
const read = async (fileId: FileId): Promise<Uint8Array> => {
  const { items } = await service.resolveUrls(tested.actor, { items: [{ fileId, disposition: 'inline' }] })
  const [item] = items
  if (item?.status !== 'ok') throw new Error('no address')
  return new Uint8Array(await (await fetch(item.url)).arrayBuffer())
}
const pass = (minutes: number): void => void (now = new Date(now.getTime() + minutes * 60_000))
/** What expiry leaves, once every URL and lease of before is over. */
async function afterExpiry() {
  for (let time = 0; time < 2; time += 1) {
    pass(180)
    await service.expireUploads()
  }
  expect(await reconcile(ports, { graceSeconds: -60 })).toMatchObject({
    orphansRemoved: 0,
    uploadsAborted: 0,
  })
  return { rows: await tested.countRows(), keys: await tested.listKeys() }
}

test('a small file is ready in the first answer, named by its address, with its record', async () => {
  const imported = await bring(importOf('/notes.txt'))
  if (imported.state !== 'ready') throw new Error(imported.state)
  expect(imported.file).toMatchObject({
    name: 'notes.txt',
    mimeType: 'text/plain',
    size: 12,
    record: 'written',
  })
  expect(new TextDecoder().decode(await read(imported.fileId))).toBe('from the web')
  expect(await studio.findRecord(imported.fileId)).toMatchObject({
    card: studio.cardId,
    owner: studio.userId,
  })
})

test('a large file is imported in parts while its status is asked for, and its SHA-256 is known', async () => {
  const begun = await bring(importOf('/large.bin', { name: 'renamed.bin' }))
  expect(begun).toMatchObject({ state: 'importing', size: LARGE.length })
  const done = await untilOver(begun.fileId)
  expect(done).toMatchObject({ state: 'ready', file: { name: 'renamed.bin', sha256: sha256Of(LARGE) } })
  expect(sha256Of(await read(begun.fileId))).toBe(sha256Of(LARGE))
})

test('a file whose length nobody told is imported as well, and takes up what it is', async () => {
  const begun = await bring(importOf('/large-unknown'))
  expect(begun.state).toBe('importing')
  const done = await untilOver(begun.fileId)
  expect(done).toMatchObject({ state: 'ready', file: { size: LARGE.length, sha256: sha256Of(LARGE) } })
  expect(sha256Of(await read(begun.fileId))).toBe(sha256Of(LARGE))
  expect(
    await tested.run(sql`
      select from project_storage where project_id = ${studio.projectId} and used_bytes = ${LARGE.length}`),
  ).toBe(1)
})

test('a file that never ends is given up where files end, and nothing of it stays', async () => {
  const limited = createAssetService({ ...ports, importMaxBytes: 30 * MIB })
  const { fileId } = await limited.importUrl(tested.actor, importOf('/endless'))
  expect(await untilOver(fileId)).toEqual({ state: 'failed', fileId, code: 'FILE_TOO_LARGE' })
  expect(await afterExpiry()).toEqual({ rows: {}, keys: [] })
  expect(
    await tested.run(
      sql`select from project_storage where project_id = ${studio.projectId} and used_bytes = 0`,
    ),
  ).toBe(1)
})

test('a picture for a preview that never ends is given up where previews end', async () => {
  const { fileId } = await bring(importOf('/endless.png', { usage: 'preview' }))
  expect(await untilOver(fileId)).toEqual({ state: 'failed', fileId, code: 'FILE_TOO_LARGE' })
  expect(await afterExpiry()).toEqual({ rows: {}, keys: [] })
})

test('a repeated request is the same import, and its address is not asked again', async () => {
  const request = importOf('/notes.txt')
  const first = await bring(request)
  web.requests.length = 0
  expect(await bring(request)).toEqual(first)
  expect(web.requests).toEqual([])
  const elsewhere = await createTestStudio()
  await expect(bring({ ...request, target: { projectId: elsewhere.projectId } })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  })
})

test('an import is its beginner’s alone, and an upload is no import', async () => {
  const { fileId } = await bring(importOf('/notes.txt'))
  const other = { ...tested.actor, subject: 'somebody' }
  await expect(service.importStatus(other, { fileId })).rejects.toMatchObject({ code: 'UPLOAD_NOT_FOUND' })
  const upload = await service.beginUpload(tested.actor, tested.requestFor(new Uint8Array([1])))
  await expect(statusOf(upload.fileId)).rejects.toMatchObject({ code: 'UPLOAD_NOT_FOUND' })
})

describe('nothing is begun', () => {
  test.each([
    ['/missing', 'IMPORT_FAILED', 'attachment' as const],
    ['/huge', 'FILE_TOO_LARGE', 'attachment' as const],
    ['/large.bin', 'FILE_TOO_LARGE', 'avatar' as const],
  ])('for %s: %s, as %s', async (path, code, usage) => {
    await expect(bring(importOf(path, { usage }))).rejects.toMatchObject({ code })
    expect(await tested.countRows()).toEqual({})
  })

  test('for an address of this machine, as long as nobody allows it', async () => {
    await expect(tested.service.importUrl(tested.actor, importOf('/notes.txt'))).rejects.toMatchObject({
      code: 'IMPORT_ADDRESS_REFUSED',
    })
    expect(await tested.countRows()).toEqual({})
  })
})

describe('nothing stays', () => {
  test('of a program that is called a picture', async () => {
    await expect(bring(importOf('/program.png'))).rejects.toMatchObject({ code: 'TYPE_NOT_ALLOWED' })
    expect(await afterExpiry()).toEqual({ rows: {}, keys: [] })
  })

  test('of a large file that breaks off', async () => {
    const { fileId } = await bring(importOf('/stops'))
    expect(await untilOver(fileId)).toEqual({ state: 'failed', fileId, code: 'IMPORT_FAILED' })
    expect(await afterExpiry()).toEqual({ rows: {}, keys: [] })
  })

  test('of a large file whose process died: it counts as interrupted when its lease is over', async () => {
    const { fileId } = await bring(importOf('/stands-still'))
    expect(await statusOf(fileId)).toMatchObject({ state: 'importing' })
    pass(5)
    expect(await statusOf(fileId)).toEqual({ state: 'failed', fileId, code: 'IMPORT_INTERRUPTED' })
    await service.expireUploads()
    expect(await statusOf(fileId)).toEqual({ state: 'failed', fileId, code: 'IMPORT_INTERRUPTED' })
    await ports.httpSource.close()
    expect(await afterExpiry()).toEqual({ rows: {}, keys: [] })
  })

  test('of an import that its beginner cancels', async () => {
    const { fileId } = await bring(importOf('/stands-still'))
    await service.abortUpload(tested.actor, { fileId })
    expect(await statusOf(fileId)).toEqual({ state: 'failed', fileId, code: 'UPLOAD_ENDED' })
    await ports.httpSource.close()
    expect(await afterExpiry()).toEqual({ rows: {}, keys: [] })
  })
})

test.each(['before', 'after'] as const)(
  'a crash %s any effect of a small import leaves a file or nothing',
  { timeout: 120_000 },
  async (moment) => {
    for (let effect = 0; ; effect += 1) {
      const request = importOf('/notes.txt')
      const fused = fusePorts(ports, { effect, moment })
      const doomed = createAssetService(fused.ports)
      await doomed.importUrl(tested.actor, request).catch(() => undefined)
      pass(5)
      await service.expireUploads()
      // Asked again, it says what became of it, or begins anew where nothing had begun.
      const again = await bring(request)
      expect(['ready', 'failed']).toContain(again.state)
      const { rows, keys } = await afterExpiry()
      expect(rows).not.toHaveProperty('uploading')
      expect(keys).toHaveLength(rows['ready'] ?? 0)
      now = new Date()
      if (fused.isBlown()) continue
      expect(effect).toBe(7)
      return
    }
  },
)

test.each(['before', 'after'] as const)(
  'a crash %s any effect of a large import leaves a file, or nothing once its lease is over',
  { timeout: 120_000 },
  async (moment) => {
    for (let effect = 0; ; effect += 1) {
      const fused = fusePorts(ports, { effect, moment })
      const doomed = createAssetService(fused.ports)
      tested.backgroundErrors.length = 0
      const begun = await doomed.importUrl(tested.actor, importOf('/large.bin')).catch(() => undefined)
      const isOver = async () => {
        if (begun === undefined) return
        // The effect at which it died is over when its death is heard of.
        const isDead = tested.backgroundErrors.some((error) => error instanceof Crash)
        expect(isDead || (await statusOf(begun.fileId)).state === 'ready').toBe(true)
      }
      await vi.waitFor(isOver, { timeout: 20_000, interval: 20 })
      const { rows, keys } = await afterExpiry()
      expect(rows).not.toHaveProperty('uploading')
      expect(keys).toHaveLength(rows['ready'] ?? 0)
      now = new Date()
      if (fused.isBlown()) continue
      expect(effect).toBeGreaterThanOrEqual(12)
      return
    }
  },
)
