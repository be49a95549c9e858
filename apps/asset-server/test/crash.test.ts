/** kill -9 of the Asset Service between any two effects of an upload, then a restart: P1, P2, P3 and P6 hold. */
import { createHash } from 'node:crypto'
import { cp } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAssetServiceClient, type AssetServiceClient } from '@studio/asset-service/client'
import type { Fuse } from '@studio/asset-service/testing/fuse'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import { inlineUploadForm, type BeginUpload, type StoredFile } from '@studio/contracts/upload'
import { bundleServer } from '@studio/dev/bundle-server'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { readEnv } from '../src/env.ts'
import { startAssetServer } from '../src/start.ts'
import { createTestEnvironment, type Variables } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'

/** More than any upload has: the last ones get through without reaching their crash. */
const EFFECTS_TRIED = 9
/** The lease that a dead process held has to end before another may deliver. */
const RECORD_DEADLINE_MS = 30_000

let issuer: TestIssuer
let studio: TestStudio
let bundle = ''
beforeAll(async () => {
  bundle = await createTestDirectory('crash')
  await bundleServer({ entry: path.join(import.meta.dirname, 'crash-main.ts'), outputDirectory: bundle })
  const migrations = path.resolve(
    import.meta.dirname,
    '../../../packages/asset-service/src/adapters/postgres/migrations',
  )
  await cp(migrations, path.join(bundle, 'migrations'), { recursive: true })
  issuer = await startTestIssuer()
  studio = await createTestStudio()
})
afterAll(async () => {
  await issuer.close()
  await removeTestDirectory(bundle)
})

interface DoomedProcess {
  client: AssetServiceClient
  /** Resolves when the process has ended, by itself or by us; `true` when it was killed. */
  ended: Promise<boolean>
  kill(): void
}

const clientOf = (url: string): AssetServiceClient =>
  createAssetServiceClient({
    url,
    headers: async () => ({ authorization: `Bearer ${await issuer.sign(studio.userId)}` }),
  })

async function startDoomed(variables: Variables, fuse: Fuse): Promise<DoomedProcess> {
  const child = execa(process.execPath, [path.join(bundle, 'crash-main.js')], {
    env: { ...variables, CRASH_EFFECT: String(fuse.effect), CRASH_MOMENT: fuse.moment },
    stderr: 'inherit',
    reject: false,
    buffer: false,
  })
  const ended = child.then((result) => result.signal === 'SIGKILL')
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('listening ')) resolve(line.slice('listening '.length))
    })
    void ended.then(() => reject(new Error('the server ended before it listened')))
  })
  return { client: clientOf(url), ended, kill: () => void child.kill('SIGKILL') }
}

interface Upload {
  request: BeginUpload
  bytes: Uint8Array<ArrayBuffer>
}

function newUpload(name: string): Upload {
  const bytes = new Uint8Array(new TextEncoder().encode(`${name} ${crypto.randomUUID()}`))
  const request: BeginUpload = {
    idempotencyKey: crypto.randomUUID(),
    name: `${name}.txt`,
    mimeType: 'text/plain',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    usage: 'attachment',
    projectId: studio.projectId,
    cardId: studio.cardId,
  }
  return { request, bytes }
}

type Transport = (client: AssetServiceClient, upload: Upload) => Promise<StoredFile>

const transports: Record<string, Transport> = {
  inline: (client, { request, bytes }) =>
    client.uploads.putInline.mutate(inlineUploadForm(request, new Blob([bytes]))),
  direct: async (client, { request, bytes }) => {
    const begun = await client.uploads.begin.mutate(request)
    if (begun.state === 'ready') return begun.file
    const { method, url, headers } = begun.transport
    const put = await fetch(url, { method, headers, body: bytes })
    if (!put.ok) throw new Error(`S3 answered ${put.status}`)
    return client.uploads.complete.mutate({ fileId: begun.fileId })
  },
}

async function readBack(client: AssetServiceClient, fileId: StoredFile['fileId']): Promise<Uint8Array> {
  const { items } = await client.delivery.resolveUrls.query({ items: [{ fileId }] })
  const [item] = items
  if (item?.status !== 'ok') throw new Error(`no URL: ${JSON.stringify(item)}`)
  return new Uint8Array(await (await fetch(item.url)).arrayBuffer())
}

/** Uploads against a process that dies at `fuse`, then again against one that does not. Resolves to whether it died. */
async function crashAndRetry(send: Transport, fuse: Fuse): Promise<boolean> {
  const variables = await createTestEnvironment(issuer)
  const upload = newUpload(`crash ${fuse.moment} ${fuse.effect}`)
  const doomed = await startDoomed(variables, fuse)
  const first = await send(doomed.client, upload).catch(() => undefined)
  const survived = first !== undefined
  if (survived) doomed.kill()
  expect(await doomed.ended).toBe(true)

  const next = await startAssetServer(readEnv(variables))
  try {
    const client = clientOf(next.url)
    const stored = await send(client, upload)
    // P6: whoever heard of a file hears of the same one.
    if (first !== undefined) expect(stored.fileId).toBe(first.fileId)
    // P1, P2: acknowledged, so it reads back.
    expect(await readBack(client, stored.fileId)).toEqual(upload.bytes)
    // P3: a record, although the process that owed it may be dead. The id is the record's key: never two of one file.
    await expect
      .poll(() => studio.findRecord(stored.fileId), { timeout: RECORD_DEADLINE_MS, interval: 200 })
      .toMatchObject({ sha256: upload.request.sha256 })
  } finally {
    await next.stop()
  }
  return !survived
}

describe.each(Object.entries(transports))('an upload by %s', (_name, send) => {
  test.each(['before', 'after'] as const)(
    'survives a crash %s each of its effects',
    { timeout: 300_000 },
    async (moment) => {
      const recordsBefore = await studio.countRecords()
      // Each has servers and an upload of its own, so a batch runs at once; together they reach past the last effect.
      const died = await Promise.all(
        Array.from({ length: EFFECTS_TRIED }, (_, effect) => crashAndRetry(send, { effect, moment })),
      )
      const effects = died.indexOf(false)
      expect(effects).toBeGreaterThanOrEqual(5)
      expect(died.slice(effects)).not.toContain(true)
      // One record for each upload, not one more for those that were sent twice.
      expect(await studio.countRecords()).toBe(recordsBefore + EFFECTS_TRIED)
    },
  )
})
