/** The extensions of tus 1.0, each as its chapter of the protocol says. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIB } from '@studio/contracts/limits'
import { encodeMetadata, fileIdOf, generatedText, metadataFor, sendByTus, sha256Of } from './tus-client.ts'
import { startTusUnderTest, type TusUnderTest } from './tus-under-test.ts'

let tus: TusUnderTest
beforeAll(async () => {
  tus = await startTusUnderTest()
})
afterAll(() => tus.close())

describe('extensions', () => {
  test('are listed, with the largest size and the checksum algorithms', async () => {
    const { status, headers: answered } = await tus.call({ method: 'OPTIONS' })
    expect(status).toBe(204)
    expect(String(answered['tus-extension']).split(',').sort()).toEqual([
      'checksum',
      'concatenation',
      'creation',
      'creation-defer-length',
      'creation-with-upload',
      'expiration',
      'termination',
    ])
    expect(answered['tus-checksum-algorithm']).toBe('md5,sha1,sha256')
    expect(answered['tus-max-size']).toBe(String(10_000 * 8 * MIB))
  })

  test('creation-with-upload and expiration: the first request brings bytes, and says how long they are kept', async () => {
    const bytes = generatedText(2 * MIB)
    const answer = await tus.call({
      body: bytes.subarray(0, MIB),
      headers: {
        'upload-length': String(bytes.length),
        'upload-metadata': encodeMetadata(metadataFor(tus.studio)),
      },
    })
    expect(answer).toMatchObject({ status: 201, headers: { 'upload-offset': String(MIB) } })
    expect(Date.parse(String(answer.headers['upload-expires']))).toBeGreaterThan(Date.now() + 6 * 86_400_000)
    const url = `${tus.server.url}${answer.headers.location}`
    expect(await tus.patch(url, MIB, { body: bytes.subarray(MIB) })).toMatchObject({ status: 204 })
    expect(sha256Of(await tus.readBack(fileIdOf(url)))).toBe(sha256Of(bytes))
  })

  test('creation-defer-length: the size is said with the last bytes, or after them', async () => {
    for (const lastBytes of [5 * MIB, 0]) {
      const bytes = generatedText(11 * MIB)
      const { headers: answered } = await tus.call({
        headers: { 'upload-defer-length': '1', 'upload-metadata': encodeMetadata(metadataFor(tus.studio)) },
      })
      const url = `${tus.server.url}${answered.location}`
      const first = bytes.length - lastBytes
      expect(await tus.patch(url, 0, { body: bytes.subarray(0, first) })).toMatchObject({ status: 204 })
      expect((await tus.call({ method: 'HEAD', url })).headers).toMatchObject({
        'upload-defer-length': '1',
        'upload-offset': String(first),
      })
      const length = { 'upload-length': String(bytes.length) }
      expect(await tus.patch(url, first, { body: bytes.subarray(first), headers: length })).toMatchObject({
        status: 204,
      })
      const fileId = fileIdOf(url)
      expect(await tus.client.uploads.complete.mutate({ fileId })).toMatchObject({ size: bytes.length })
      expect(sha256Of(await tus.readBack(fileId))).toBe(sha256Of(bytes))
    }
  })

  test('termination: the upload is gone, and says so', async () => {
    const url = await tus.create(10 * MIB)
    expect(await tus.patch(url, 0, { body: generatedText(9 * MIB) })).toMatchObject({ status: 204 })
    expect((await tus.call({ method: 'DELETE', url })).status).toBe(204)
    expect((await tus.call({ method: 'HEAD', url })).status).toBe(410)
    expect(await tus.patch(url, 9 * MIB, { body: Buffer.alloc(10) })).toMatchObject({
      status: 410,
      code: 'UPLOAD_ENDED',
    })
  })

  test.each(['md5', 'sha1', 'sha256'])(
    'checksum %s: other bytes are refused and leave nothing',
    async (algorithm) => {
      const bytes = generatedText(19 * MIB)
      const url = await tus.create(bytes.length)
      const sum = (part: Buffer) => ({
        'upload-checksum': `${algorithm} ${createHash(algorithm).update(part).digest('base64')}`,
      })
      expect(
        await tus.patch(url, 0, {
          body: bytes.subarray(0, 3 * MIB),
          headers: sum(bytes.subarray(0, 3 * MIB)),
        }),
      ).toMatchObject({
        status: 204,
      })
      const damaged = Buffer.from(bytes.subarray(3 * MIB))
      damaged[7] = 0
      expect(
        await tus.patch(url, 3 * MIB, { body: damaged, headers: sum(bytes.subarray(3 * MIB)) }),
      ).toMatchObject({
        status: 460,
        code: 'CHECKSUM_MISMATCH',
      })
      expect(await tus.offsetOf(url)).toBe(3 * MIB)
      expect(
        await tus.patch(url, 3 * MIB, {
          body: bytes.subarray(3 * MIB),
          headers: sum(bytes.subarray(3 * MIB)),
        }),
      ).toMatchObject({
        status: 204,
      })
      expect(sha256Of(await tus.readBack(fileIdOf(url)))).toBe(sha256Of(bytes))
    },
  )

  test(
    'concatenation: pieces that were sent beside each other become one file',
    { timeout: 30_000 },
    async () => {
      const bytes = generatedText(21 * MIB + 1)
      const options = { endpoint: tus.endpoint, headers: tus.headers, metadata: metadataFor(tus.studio) }
      const parallel = { parallelUploads: 3, metadataForPartialUploads: metadataFor(tus.studio, 'piece') }
      const fileId = await sendByTus(bytes, { ...options, ...parallel })
      expect(sha256Of(await tus.readBack(fileId))).toBe(sha256Of(bytes))
      const { headers: answered } = await tus.call({ method: 'HEAD', url: `${tus.endpoint}/${fileId}` })
      expect(answered['upload-concat']).toMatch(/^final;\S+ \S+ \S+$/)
      const piece = String(answered['upload-concat']).split(/[; ]/)[1] ?? ''
      expect((await tus.call({ method: 'HEAD', url: new URL(piece, tus.server.url).href })).status).toBe(410)
    },
  )
})

test('after all of this store and registry agree', async () => {
  expect(await tus.reconcile()).toEqual({ orphansRemoved: 0, uploadsAborted: 0, findings: 0 })
})
