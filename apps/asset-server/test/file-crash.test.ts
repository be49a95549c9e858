/** kill -9 of the Asset Service at each effect of trash, restore, purge, copy and import, then a restart: all agrees. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAssetServiceClient, type AssetServiceClient } from '@studio/asset-service/client'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import { startWebServer, type WebServer } from '@studio/asset-service/testing/web-server'
import type { FileId } from '@studio/contracts/file'
import { encodeInlineUpload } from '@studio/contracts/inline-upload'
import { MIB } from '@studio/contracts/limits'
import { readEnv } from '../src/env.ts'
import { openAssetService, startAssetServer, type OpenedService } from '../src/start.ts'
import { bundleDoomedServer, crashAtEach, type DoomedServer, type DoomedServers } from './doomed-server.ts'
import { expectAgreement, passTime, readRows } from './expect-agreement.ts'
import { createTestEnvironment } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'
import { generatedText, sha256Of } from './tus-client.ts'
import { readBack } from './tus-under-test.ts'
import { requestOf } from './upload-request.ts'

const WEB_FILES: Readonly<Record<string, Buffer<ArrayBuffer>>> = {
  '/small': generatedText(2000, 'small'),
  // In parts.
  '/large': generatedText(17 * MIB, 'large'),
}

let issuer: TestIssuer
let studio: TestStudio
let web: WebServer
let servers: DoomedServers
beforeAll(async () => {
  servers = await bundleDoomedServer()
  issuer = await startTestIssuer()
  studio = await createTestStudio()
  web = await startWebServer((request, response) => {
    const bytes = WEB_FILES[request.url ?? ''] ?? Buffer.alloc(0)
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': bytes.length }).end(bytes)
  })
})
afterAll(async () => {
  await web.close()
  await issuer.close()
  await servers.remove()
})

/** One registry with one stored file. */
interface Scene {
  opened: OpenedService
  name: string
  fileId: FileId
  bytes: Uint8Array
  idempotencyKey: string
}

interface Act {
  /** The last is that of the question whether the server is alive. */
  effects: number
  prepare?: (client: AssetServiceClient, scene: Scene) => Promise<unknown>
  /** Rejects, or never resolves, when the server dies. Resolves to the file that it made, if it makes one. */
  run: (client: AssetServiceClient, scene: Scene) => Promise<FileId | undefined>
  /** What its caller does once the server is back; `run` again when absent. */
  again?: (client: AssetServiceClient, scene: Scene) => Promise<FileId | undefined>
  /** What the stored file is in the end. */
  state: 'ready' | 'trashed' | 'purged'
  /** What the file that it made holds. */
  made?: (scene: Scene) => Uint8Array
}

const clientOf = (url: string): AssetServiceClient =>
  createAssetServiceClient({
    url,
    headers: async () => ({ authorization: `Bearer ${await issuer.sign(studio.userId)}` }),
  })

const asked = ({ fileId }: Scene) => ({ fileIds: [fileId], projectIds: [studio.projectId] })
const trash = (client: AssetServiceClient, scene: Scene) => client.files.trash.mutate(asked(scene))
const inState = async ({ opened, fileId }: Scene) =>
  (await readRows(opened)).find(({ id }) => id === fileId)?.state

const until = (isSo: () => Promise<boolean>) =>
  expect.poll(isSo, { timeout: 60_000, interval: 50 }).toBe(true)
const isDelivered = async ({ service }: OpenedService) => (await service.stats()).outbox.entries === 0

/** Nothing is owed, and the server answers once more: its fuse is past the last effect. */
async function expectAlive(client: AssetServiceClient, { opened, fileId }: Scene): Promise<void> {
  await until(() => isDelivered(opened))
  await expect(client.files.importStatus.query({ fileId })).rejects.toMatchObject({
    data: { studio: { code: 'UPLOAD_NOT_FOUND' } },
  })
}

function importOf(path: string): Pick<Act, 'run' | 'again' | 'state' | 'made'> {
  const bring = async (client: AssetServiceClient, scene: Scene) => {
    const target = { projectId: studio.projectId, cardId: studio.cardId }
    const { idempotencyKey, name } = scene
    const begun = await client.files.importUrl.mutate({
      idempotencyKey,
      name,
      url: `${web.url}${path}`,
      target,
    })
    const over = async () => (await readRows(scene.opened)).every(({ state }) => state !== 'uploading')
    if (begun.state === 'importing') await until(over)
    return begun
  }
  return {
    state: 'ready',
    made: () => WEB_FILES[path] ?? Buffer.alloc(0),
    run: async (client, scene) => (await bring(client, scene)).fileId,
    async again(client, scene) {
      const { state, fileId } = await bring(client, scene)
      if (state !== 'failed') return fileId
      // It says that it was interrupted, and stays so: another import is another request.
      return (await bring(client, { ...scene, idempotencyKey: crypto.randomUUID() })).fileId
    },
  }
}

const acts: Record<string, Act> = {
  'moving to the trash': {
    effects: 5,
    state: 'trashed',
    run: async (client, scene) => void (await trash(client, scene)),
  },
  'restoring from the trash': {
    effects: 5,
    prepare: trash,
    state: 'ready',
    run: async (client, scene) => void (await client.files.restore.mutate(asked(scene))),
  },
  'a purge': {
    effects: 7,
    prepare: trash,
    state: 'purged',
    run: async (client, scene) => void (await client.files.purge.mutate(asked(scene))),
  },
  'a purge of what is due': {
    effects: 5,
    async prepare(client, scene) {
      await trash(client, scene)
      await scene.opened.database.pool.query(`update files set purge_at = now() - interval '1 minute'`)
    },
    state: 'purged',
    // The housekeeping of whoever leads does it by itself.
    run: async (_client, scene) => void (await until(async () => (await inState(scene)) === 'purged')),
  },
  'a copy': {
    effects: 8,
    state: 'ready',
    async run(client, { fileId, idempotencyKey }) {
      const target = { projectId: studio.projectId, cardId: studio.cardId }
      return (await client.files.copy.mutate({ idempotencyKey, fileId, target })).fileId
    },
    made: ({ bytes }) => bytes,
  },
  'an import of a small file': { effects: 8, ...importOf('/small') },
  'an import of a large file': { effects: 15, ...importOf('/large') },
}

async function setScene({ prepare }: Act) {
  const variables = {
    ...(await createTestEnvironment(issuer)),
    IMPORT_ALLOWED_ADDRESSES: '127.0.0.1',
    IMPORT_ALLOWED_PORTS: String(web.port),
  }
  const server = await startAssetServer(readEnv(variables))
  const opened = await openAssetService(readEnv(variables), { onBackgroundError: () => undefined })
  const { request, bytes } = requestOf(studio, `stored ${crypto.randomUUID()}`)
  const name = `${crypto.randomUUID()}.txt`
  const client = clientOf(server.url)
  const { fileId } = await client.uploads.putInline.mutate(encodeInlineUpload({ ...request, name }, bytes))
  const scene: Scene = { opened, name, fileId, bytes, idempotencyKey: crypto.randomUUID() }
  await prepare?.(client, scene)
  await until(() => isDelivered(opened))
  await server.stop()
  return { variables, scene }
}

/** `undefined` when the server died of it. */
async function runDoomed(doomed: DoomedServer, act: Act, scene: Scene) {
  const client = clientOf(doomed.url)
  const runAndAsk = async () => {
    const made = await act.run(client, scene)
    await expectAlive(client, scene)
    return { made }
  }
  const outcome = runAndAsk().catch(() => undefined)
  const first = await Promise.race([outcome, doomed.ended.then(() => undefined)])
  if (first !== undefined) doomed.kill()
  expect(await doomed.ended).toBe(true)
  return first
}

/** Resolves to whether the server died. */
async function crashAfter(effect: number, act: Act): Promise<boolean> {
  const { variables, scene } = await setScene(act)
  const { opened, name, fileId, bytes } = scene
  const first = await runDoomed(await servers.start(variables, { effect, moment: 'after' }), act, scene)
  const next = await startAssetServer(readEnv(variables))
  try {
    const client = clientOf(next.url)
    await passTime(opened)
    const made = await (act.again ?? act.run)(client, scene)
    // P6: whoever heard of a file hears of the same one.
    if (first !== undefined) expect(made).toBe(first.made)
    expect(await inState(scene)).toBe(act.state)
    await passTime(opened)
    await expectAgreement(opened, studio, name)
    if (act.state === 'trashed') await client.files.restore.mutate(asked(scene))
    if (act.state !== 'purged') expect(sha256Of(await readBack(client, fileId))).toBe(sha256Of(bytes))
    if (act.made !== undefined && made !== undefined)
      expect(sha256Of(await readBack(client, made))).toBe(sha256Of(act.made(scene)))
  } finally {
    await next.stop()
    await opened.close()
  }
  return first === undefined
}

// The effects come one after the other, so after one of them is before the next.
test.each(Object.entries(acts))(
  '%s survives a crash after each of its effects',
  { timeout: 300_000 },
  async (_name, act) => {
    expect(await crashAtEach((effect) => crashAfter(effect, act))).toBe(act.effects)
  },
)
