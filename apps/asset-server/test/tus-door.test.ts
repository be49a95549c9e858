/** The door of tus: what it says to everybody, to which pages, and what it refuses before or as bytes come. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIB } from '@studio/contracts/limits'
import { encodeMetadata, generatedText, metadataFor } from './tus-client.ts'
import { startTusUnderTest, type TusUnderTest } from './tus-under-test.ts'

const WEB = 'https://web.studio.test'

let tus: TusUnderTest
beforeAll(async () => {
  tus = await startTusUnderTest({ ALLOWED_ORIGINS: WEB })
})
afterAll(() => tus.close())

describe('what this server can do', () => {
  test('is told to whoever asks, without a token', async () => {
    for (const url of [tus.endpoint, `${tus.endpoint}/anything`]) {
      const { status, headers } = await fetch(url, { method: 'OPTIONS' })
      expect(status).toBe(204)
      expect(headers.get('tus-version')).toBe('1.0.0')
      expect(headers.get('tus-extension')).toContain('creation')
      expect(headers.get('tus-max-size')).toBe(String(10_000 * 8 * MIB))
    }
    expect((await fetch(tus.endpoint, { method: 'POST' })).status).toBe(401)
  })

  test('may be used by pages of the allowed origins, who may read what it answers, and by no others', async () => {
    const preflight = (origin: string, path = '/tus') =>
      fetch(`${tus.server.url}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,tus-resumable,upload-offset',
        },
      })
    const allowed = await preflight(WEB)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(WEB)
    expect(allowed.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('upload-offset')
    const refused = await preflight('https://elsewhere.test')
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    const api = await preflight(WEB, '/trpc/uploads.begin')
    expect(api.headers.get('access-control-allow-origin')).toBeNull()
    const created = await tus.call({
      headers: {
        origin: WEB,
        'upload-length': '1',
        'upload-metadata': encodeMetadata(metadataFor(tus.studio)),
      },
    })
    expect(created).toMatchObject({ status: 201, headers: { 'access-control-allow-origin': WEB } })
    const exposed = String(created.headers['access-control-expose-headers']).toLowerCase()
    for (const name of ['location', 'upload-offset', 'upload-length', 'tus-resumable'])
      expect(exposed.split(/, ?/)).toContain(name)
  })
})

describe('a file that is larger than its usage allows', () => {
  const avatar = () => encodeMetadata({ ...metadataFor(tus.studio), filetype: 'image/png', usage: 'avatar' })
  const refused = { status: 413, code: 'FILE_TOO_LARGE', body: expect.stringContaining('at most 5 MiB') }

  test('is refused with its limit when its size is declared: at once, later, or with the last bytes', async () => {
    const headers = { 'upload-length': String(5 * MIB + 1), 'upload-metadata': avatar() }
    expect(await tus.call({ headers })).toMatchObject(refused)
    const deferred = { 'upload-defer-length': '1', 'upload-metadata': avatar() }
    const { headers: answered } = await tus.call({ headers: deferred })
    const url = `${tus.server.url}${answered.location}`
    const declared = { 'upload-length': String(5 * MIB + 1) }
    expect(await tus.patch(url, 0, { body: Buffer.alloc(10), headers: declared })).toMatchObject(refused)
    expect(await tus.offsetOf(url)).toBe(0)
    expect((await tus.call({ method: 'DELETE', url })).status).toBe(204)
  })

  test('is refused as soon as it brings too much, when its size was never said', async () => {
    const deferred = { 'upload-defer-length': '1', 'upload-metadata': avatar() }
    const { headers: answered } = await tus.call({ headers: deferred })
    const url = `${tus.server.url}${answered.location}`
    expect(await tus.patch(url, 0, { body: generatedText(6 * MIB) })).toMatchObject(refused)
    expect(await tus.offsetOf(url)).toBeLessThanOrEqual(5 * MIB)
  })

  test('is refused when pieces that are small enough make it', async () => {
    const pieces: string[] = []
    for (let piece = 0; piece < 2; piece += 1) {
      const { status, headers: answered } = await tus.call({
        body: generatedText(3 * MIB),
        headers: {
          'upload-length': String(3 * MIB),
          'upload-concat': 'partial',
          'upload-metadata': encodeMetadata(metadataFor(tus.studio)),
        },
      })
      expect(status).toBe(201)
      pieces.push(String(answered.location))
    }
    const headers = { 'upload-concat': `final;${pieces.join(' ')}`, 'upload-metadata': avatar() }
    expect(await tus.call({ headers })).toMatchObject(refused)
  })
})

describe('Upload-Metadata', () => {
  const begin = (metadata: string) =>
    tus.call({ headers: { 'upload-length': '1', 'upload-metadata': metadata } })

  test('may hold the longest name that any upload may have', async () => {
    const metadata = encodeMetadata(metadataFor(tus.studio, '🎞'.repeat(4096)))
    expect(metadata.length).toBeGreaterThan(20_000)
    const { status, headers: answered, body } = await begin(metadata)
    expect(status, body).toBe(201)
    const url = `${tus.server.url}${answered.location}`
    expect((await tus.call({ method: 'HEAD', url })).headers['upload-metadata']).toBe(metadata)
  })

  test.each([
    [
      'longer than that',
      () => `${encodeMetadata(metadataFor(tus.studio))},note ${'A'.repeat(40_000)}`,
      /32 KiB/,
    ],
    ['that is not UTF-8', () => `${encodeMetadata(metadataFor(tus.studio))},note /w==`, /UTF-8/],
    ['that is not base64', () => `${encodeMetadata(metadataFor(tus.studio))},note a*b`, /base64/],
    ['with one name twice', () => `${encodeMetadata(metadataFor(tus.studio))},filename YQ==`, /pairs/],
  ])('%s is refused in words', async (_what, metadata, words) => {
    expect(await begin(metadata())).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
      body: expect.stringMatching(words),
    })
  })
})

test('after all of this store and registry agree', async () => {
  expect(await tus.reconcile()).toEqual({ orphansRemoved: 0, uploadsAborted: 0, findings: 0 })
})
