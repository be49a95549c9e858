/** A deployment whose store no client can reach: `begin` answers tus, and everything else is as ever. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAssetServiceClient } from '@studio/asset-service/client'
import { MIB } from '@studio/contracts/limits'
import type { BeginUpload } from '@studio/contracts/upload'
import { readEnv } from '../src/env.ts'
import { startAssetServer } from '../src/start.ts'
import { generatedText, sendByTus, sha256Of } from './tus-client.ts'
import { startTusUnderTest, type TusUnderTest } from './tus-under-test.ts'

let tus: TusUnderTest
beforeAll(async () => {
  tus = await startTusUnderTest({ UPLOAD_TRANSPORT: 'relay' })
})
afterAll(() => tus.close())

const requestFor = (bytes: Buffer): BeginUpload => ({
  idempotencyKey: crypto.randomUUID(),
  name: 'relayed.txt',
  mimeType: 'text/plain',
  size: bytes.length,
  sha256: sha256Of(bytes),
  usage: 'attachment',
  projectId: tus.studio.projectId,
})

test('an upload is begun once, sent to the address that begin answers, and complete tells the file', async () => {
  const bytes = generatedText(10 * MIB)
  const request = requestFor(bytes)
  const begun = await tus.client.uploads.begin.mutate(request)
  const again = await tus.client.uploads.begin.mutate(request)
  expect(again).toEqual(begun)
  if (begun.state !== 'uploading' || begun.transport.kind !== 'tus') throw new Error('not by tus')
  const { fileId } = begun
  const complete = () => tus.client.uploads.complete.mutate({ fileId })
  await expect(complete()).rejects.toMatchObject({ data: { studio: { code: 'UPLOAD_INCOMPLETE' } } })
  const uploadUrl = new URL(begun.transport.url, tus.server.url).href
  expect(await sendByTus(bytes, { uploadUrl, headers: tus.headers })).toBe(fileId)
  expect(await complete()).toMatchObject({ fileId, sha256: request.sha256, size: bytes.length })
  expect(await tus.client.uploads.begin.mutate(request)).toMatchObject({ state: 'ready' })
})

test('an upload that was cancelled leaves nothing', async () => {
  const bytes = generatedText(10 * MIB)
  const begun = await tus.client.uploads.begin.mutate(requestFor(bytes))
  if (begun.state !== 'uploading' || begun.transport.kind !== 'tus') throw new Error('not by tus')
  const url = new URL(begun.transport.url, tus.server.url).href
  expect(await tus.patch(url, 0, { body: bytes.subarray(0, 9 * MIB) })).toMatchObject({ status: 204 })
  await tus.client.uploads.abort.mutate({ fileId: begun.fileId })
  expect((await tus.call({ method: 'HEAD', url })).status).toBe(410)
  expect(await tus.reconcile()).toEqual({ orphansRemoved: 0, uploadsAborted: 0, findings: 0 })
})

test('an upload that began before the switch goes on the way it began', async () => {
  const bytes = generatedText(100)
  const request = requestFor(bytes)
  const direct = await startAssetServer(readEnv({ ...tus.variables, UPLOAD_TRANSPORT: 'direct' }))
  try {
    const begun = await tus.client.uploads.begin.mutate(request)
    const client = createAssetServiceClient({ url: direct.url, headers: async () => tus.headers })
    expect(await client.uploads.begin.mutate(request)).toEqual(begun)
  } finally {
    await direct.stop()
  }
})
