/** tus at the Asset Service: plain clients with a token and nothing else, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIB } from '@studio/contracts/limits'
import { readEnv } from '../src/env.ts'
import { startAssetServer } from '../src/start.ts'
import { encodeMetadata, fileIdOf, generatedText, metadataFor, sendByTus, sha256Of } from './tus-client.ts'
import { startTusUnderTest, type TusUnderTest } from './tus-under-test.ts'

let tus: TusUnderTest
beforeAll(async () => {
  tus = await startTusUnderTest({ TUS_STALL_SECONDS: '2' })
})
afterAll(() => tus.close())

describe('tus-js-client', () => {
  test.each([
    ['nothing at all', 0, Infinity],
    ['some bytes', 100, Infinity],
    ['exactly one part', 8 * MIB, Infinity],
    ['parts and a rest', 20 * MIB + 5, Infinity],
    ['pieces smaller than a part', 10 * MIB + 3, 3 * MIB],
    ['pieces larger than a part', 40 * MIB + 7, 13 * MIB],
  ])('stores %s', { timeout: 60_000 }, async (_what, size, chunkSize) => {
    const bytes = generatedText(size)
    const options = {
      endpoint: tus.endpoint,
      headers: tus.headers,
      metadata: metadataFor(tus.studio),
      chunkSize,
    }
    const fileId = await sendByTus(bytes, options)
    expect(sha256Of(await tus.readBack(fileId))).toBe(sha256Of(bytes))
    await expect.poll(() => tus.studio.findRecord(fileId)).toMatchObject({ name: 'notes.txt', size })
  })
})

describe('a file', () => {
  test('has its SHA-256 at once when one request brought it, and any other from the scrubber', async () => {
    const bytes = generatedText(9 * MIB)
    const options = { endpoint: tus.endpoint, headers: tus.headers, metadata: metadataFor(tus.studio) }
    const fileId = await sendByTus(bytes, options)
    expect((await tus.client.uploads.complete.mutate({ fileId })).sha256).toBe(sha256Of(bytes))
    const inPieces = await sendByTus(bytes, { ...options, chunkSize: 4 * MIB })
    expect((await tus.client.uploads.complete.mutate({ fileId: inPieces })).sha256).toBeNull()
  })

  test('whose SHA-256 was declared is refused with another one, however it came', async () => {
    const bytes = generatedText(3 * MIB)
    const sha256 = sha256Of(generatedText(3 * MIB, 'another'))
    for (const chunkSize of [Infinity, MIB]) {
      const metadata = { ...metadataFor(tus.studio), sha256 }
      const sending = sendByTus(bytes, { endpoint: tus.endpoint, headers: tus.headers, metadata, chunkSize })
      await expect(sending).rejects.toThrow(/460.*CHECKSUM_MISMATCH/s)
    }
  })

  test('of a forbidden content ends with a refusal that is repeated, and with nothing kept', async () => {
    const bytes = Buffer.concat([Buffer.from('7f454c46020101000000000000000000', 'hex'), Buffer.alloc(500)])
    const url = await tus.create(bytes.length)
    expect(await tus.patch(url, 0, { body: bytes })).toMatchObject({ status: 415, code: 'TYPE_NOT_ALLOWED' })
    expect((await tus.call({ method: 'HEAD', url })).status).toBe(415)
    await expect(tus.client.uploads.complete.mutate({ fileId: fileIdOf(url) })).rejects.toThrow()
  })
})

describe('a request', () => {
  test('from elsewhere than the offset is refused, and answered where to go on', async () => {
    const url = await tus.create(100)
    expect(await tus.patch(url, 0, { body: generatedText(40) })).toMatchObject({
      status: 204,
      headers: { 'upload-offset': '40' },
    })
    expect(await tus.patch(url, 0, { body: generatedText(40) })).toMatchObject({
      status: 409,
      code: 'OFFSET_MISMATCH',
    })
    expect(await tus.patch(url, 41, { body: generatedText(40) })).toMatchObject({ status: 409 })
    expect(await tus.offsetOf(url)).toBe(40)
  })

  test('without a length is refused as soon as it brings too much', async () => {
    const url = await tus.create(10 * MIB)
    async function* tooMuch(): AsyncGenerator<Buffer> {
      for (let sent = 0; sent < 12; sent += 1) yield generatedText(MIB)
    }
    const answer = await tus.call({
      method: 'PATCH',
      url,
      body: tooMuch(),
      headers: { 'upload-offset': '0' },
    })
    expect(answer).toMatchObject({ status: 413, code: 'FILE_TOO_LARGE' })
    expect(await tus.offsetOf(url)).toBeLessThanOrEqual(10 * MIB)
  })

  test('for a file that is too large, or of a project without room, is refused at its beginning', async () => {
    const metadata = encodeMetadata(metadataFor(tus.studio))
    const tooLarge = { 'upload-length': String(10_000 * 8 * MIB + 1), 'upload-metadata': metadata }
    expect(await tus.call({ headers: tooLarge })).toMatchObject({ status: 413, code: 'FILE_TOO_LARGE' })
    expect(await tus.call({ headers: { 'upload-length': '5' } })).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
    })
    const withQuota = await startAssetServer(readEnv({ ...tus.variables, PROJECT_QUOTA_BYTES: '1' }))
    try {
      const url = `${withQuota.url}/tus`
      const wanted = { 'upload-length': '5', 'upload-metadata': metadata }
      expect(await tus.call({ url, headers: wanted })).toMatchObject({ status: 413, code: 'QUOTA_EXCEEDED' })
    } finally {
      await withQuota.stop()
    }
  })

  test('of somebody else, or of nobody, finds no upload', async () => {
    const url = await tus.create(100)
    const stranger = await tus.issuer.sign('anotherperson00')
    for (const method of ['HEAD', 'PATCH', 'DELETE']) {
      const answer = await tus.call({ method, url, token: stranger, headers: { 'upload-offset': '0' } })
      expect(answer.status, method).toBe(404)
    }
    expect((await tus.call({ method: 'HEAD', url, token: 'none' })).status).toBe(401)
    const readOnly = await tus.issuer.sign(tus.studio.userId, { scope: 'files:read' })
    expect((await tus.call({ method: 'HEAD', url, token: readOnly })).status).toBe(403)
  })

  test('may say its method in a header, and its protocol it must', async () => {
    const url = await tus.create(10)
    const override = { 'x-http-method-override': 'PATCH', 'upload-offset': '0' }
    expect(await tus.call({ url, body: generatedText(10), headers: override })).toMatchObject({ status: 204 })
    expect(await tus.call({ method: 'HEAD', url, headers: { 'tus-resumable': '0.2.2' } })).toMatchObject({
      status: 400,
    })
    const answer = await fetch(url, { headers: tus.headers })
    expect(answer.status).toBe(404)
  })

  test('that never ends is dropped, and what it brought is kept', { timeout: 90_000 }, async () => {
    const url = await tus.create(10 * MIB)
    let letGo = (): void => {}
    const silence = new Promise<void>((resolve) => {
      letGo = resolve
    })
    async function* thenSilence(): AsyncGenerator<Buffer> {
      yield generatedText(MIB)
      await silence
    }
    const answer = await tus
      .call({
        method: 'PATCH',
        url,
        body: thenSilence(),
        headers: { 'upload-offset': '0' },
      })
      .catch(() => undefined)
    letGo()
    expect(answer?.status ?? 409).toBe(409)
    expect(await tus.offsetOf(url)).toBe(MIB)
  })
})

test('after all of this store and registry agree', async () => {
  expect(await tus.reconcile()).toEqual({ orphansRemoved: 0, uploadsAborted: 0, findings: 0 })
})
