/** kill -9 of the Asset Service between any two effects of an upload, then a restart: P1, P2, P3 and P6 hold. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAssetServiceClient, type AssetServiceClient } from '@studio/asset-service/client'
import type { Fuse } from '@studio/asset-service/testing/fuse'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import type { FileId } from '@studio/contracts/file'
import { SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import { encodeInlineUpload } from '@studio/contracts/inline-upload'
import type { BeginUpload, StoredFile } from '@studio/contracts/upload'
import { readEnv } from '../src/env.ts'
import { openAssetService, startAssetServer } from '../src/start.ts'
import { bundleDoomedServer, crashAtEach, type DoomedServers } from './doomed-server.ts'
import { createTestEnvironment, type Variables } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'

/** The lease that a dead process held has to end before another may deliver. */
const RECORD_DEADLINE_MS = 30_000

let issuer: TestIssuer
let studio: TestStudio
let servers: DoomedServers
beforeAll(async () => {
  servers = await bundleDoomedServer()
  issuer = await startTestIssuer()
  studio = await createTestStudio()
})
afterAll(async () => {
  await issuer.close()
  await servers.remove()
})

const clientOf = (url: string): AssetServiceClient =>
  createAssetServiceClient({
    url,
    headers: async () => ({ authorization: `Bearer ${await issuer.sign(studio.userId)}` }),
  })

interface Upload {
  request: BeginUpload
  bytes: Uint8Array<ArrayBuffer>
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function newUpload(name: string, size: number): Upload {
  const bytes = new Uint8Array(size).fill(65)
  bytes.set(new TextEncoder().encode(`${name} ${crypto.randomUUID()}`))
  const request: BeginUpload = {
    idempotencyKey: crypto.randomUUID(),
    name: `${name}.txt`,
    mimeType: 'text/plain',
    size: bytes.length,
    ...(size > SINGLE_PUT_MAX_BYTES ? {} : { sha256: sha256Of(bytes) }),
    usage: 'attachment',
    projectId: studio.projectId,
    cardId: studio.cardId,
  }
  return { request, bytes }
}

type Transport = (client: AssetServiceClient, upload: Upload) => Promise<StoredFile>

interface TriedTransport {
  send: Transport
  size: number
  /** How many effects such an upload has at least. */
  effects: number
}

async function sendPart(
  client: AssetServiceClient,
  fileId: FileId,
  part: { number: number; bytes: Uint8Array<ArrayBuffer> },
) {
  const sha256 = sha256Of(part.bytes)
  const { parts } = await client.uploads.signParts.mutate({
    fileId,
    parts: [{ partNumber: part.number, sha256 }],
  })
  const put = await fetch(parts[0]?.url ?? '', {
    method: 'PUT',
    headers: parts[0]?.headers ?? {},
    body: part.bytes,
  })
  if (!put.ok) throw new Error(`S3 answered ${put.status}`)
}

const sendInline: Transport = (client, { request, bytes }) =>
  client.uploads.putInline.mutate(encodeInlineUpload(request, bytes))

const sendDirect: Transport = async (client, { request, bytes }) => {
  const begun = await client.uploads.begin.mutate(request)
  if (begun.state === 'ready') return begun.file
  if (begun.transport.kind !== 'direct') throw new Error('not one piece')
  const { method, url, headers } = begun.transport
  const put = await fetch(url, { method, headers, body: bytes })
  if (!put.ok) throw new Error(`S3 answered ${put.status}`)
  return client.uploads.complete.mutate({ fileId: begun.fileId })
}

/** Sends only what the store has not confirmed, like a client that goes on after a restart. */
const sendInParts: Transport = async (client, { request, bytes }) => {
  const begun = await client.uploads.begin.mutate(request)
  if (begun.state === 'ready') return begun.file
  if (begun.transport.kind !== 'multipart') throw new Error('not in parts')
  const { fileId, transport } = begun
  const parts = Array.from({ length: transport.partCount }, (_, index) =>
    bytes.slice(index * transport.partSize, (index + 1) * transport.partSize),
  )
  const { assembled = false, parts: listed } = await client.uploads.listParts.query({ fileId })
  const confirmed = listed.map((part) => part.partNumber)
  for (const [index, part] of parts.entries()) {
    if (!assembled && !confirmed.includes(index + 1))
      await sendPart(client, fileId, { number: index + 1, bytes: part })
  }
  return client.uploads.complete.mutate({ fileId, partDigests: parts.map(sha256Of) })
}

const transports: Record<string, TriedTransport> = {
  // Nobody waits for its last effect, so that a death of that one may come too late to be seen.
  inline: { send: sendInline, size: 100, effects: 4 },
  direct: { send: sendDirect, size: 100, effects: 7 },
  multipart: { send: sendInParts, size: SINGLE_PUT_MAX_BYTES + 1, effects: 15 },
}

async function readBack(client: AssetServiceClient, fileId: StoredFile['fileId']): Promise<Uint8Array> {
  const { items } = await client.delivery.resolveUrls.query({ items: [{ fileId }] })
  const [item] = items
  if (item?.status !== 'ok') throw new Error(`no URL: ${JSON.stringify(item)}`)
  return new Uint8Array(await (await fetch(item.url)).arrayBuffer())
}

/** Resolves to `true` when no record is owed any more, and to `false` when the process has died before. */
async function isDelivered(variables: Variables, ended: Promise<boolean>): Promise<boolean> {
  const opened = await openAssetService(readEnv(variables), { onBackgroundError: () => undefined })
  let died = false
  void ended.then(() => (died = true))
  try {
    const isSettled = async () => died || (await opened.ports.desk.listOutbox(1)).length === 0
    await expect.poll(isSettled, { timeout: RECORD_DEADLINE_MS, interval: 20 }).toBe(true)
    return !died
  } finally {
    await opened.close()
  }
}

/** Uploads against a process that dies at `fuse`, then again against one that does not. Resolves to whether it died. */
async function crashAndRetry({ send, size }: TriedTransport, fuse: Fuse): Promise<boolean> {
  const variables = await createTestEnvironment(issuer)
  const upload = newUpload(`crash ${fuse.moment} ${fuse.effect}`, size)
  const doomed = await servers.start(variables, fuse)
  const first = await send(clientOf(doomed.url), upload).catch(() => undefined)
  // An answer may come before the record is written: the process can still die of that.
  const survived = first !== undefined && (await isDelivered(variables, doomed.ended))
  if (survived) doomed.kill()
  expect(await doomed.ended).toBe(true)

  const next = await startAssetServer(readEnv(variables))
  try {
    const client = clientOf(next.url)
    const stored = await send(client, upload)
    // P6: whoever heard of a file hears of the same one.
    if (first !== undefined) expect(stored.fileId).toBe(first.fileId)
    // P1, P2: acknowledged, so it reads back.
    expect(sha256Of(await readBack(client, stored.fileId))).toBe(sha256Of(upload.bytes))
    // P3: a record, although the process that owed it may be dead. The id is the record's key: never two of one file.
    await expect
      .poll(() => studio.findRecord(stored.fileId), { timeout: RECORD_DEADLINE_MS, interval: 200 })
      .toMatchObject({ sha256: upload.request.sha256 ?? '', size })
  } finally {
    await next.stop()
  }
  return !survived
}

describe.each(Object.entries(transports))('an upload by %s', (_name, transport) => {
  test.each(['before', 'after'] as const)(
    'survives a crash %s each of its effects',
    { timeout: 300_000 },
    async (moment) => {
      const recordsBefore = await studio.countRecords()
      let tried = 0
      const effects = await crashAtEach((effect) => {
        tried += 1
        return crashAndRetry(transport, { effect, moment })
      })
      expect(effects).toBeGreaterThanOrEqual(transport.effects)
      // One record for each upload, not one more for those that were sent twice.
      expect(await studio.countRecords()).toBe(recordsBefore + tried)
    },
  )
})
