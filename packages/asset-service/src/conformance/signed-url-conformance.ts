/** What every signer of URLs promises together with the store that answers them: part of the object store's conformance. */
import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { SignedPut, SignGet } from '../ports/url-signer.ts'
import { ALLOWED_ORIGIN, newKey, objectOf, sha256Of, type StoreUnderTest } from './store-under-test.ts'

const LIFE_SECONDS = 300
const REFUSED = [400, 403, 411]
const readOptions = {
  expiresInSeconds: LIFE_SECONDS,
  mimeType: 'image/png',
  contentDisposition: `inline; filename="pr?sentation.png"; filename*=UTF-8''pr%C3%A9sentation%20%E6%9C%80%E7%B5%82%E7%89%88.png`,
  cacheControl: 'private, max-age=31536000, immutable',
} satisfies Omit<SignGet, 'key'>

type Under = () => StoreUnderTest

function signPutOf(under: Under, bytes: Uint8Array, key = newKey()): SignedPut {
  return under().opened.signer.signPut({
    key,
    expiresInSeconds: LIFE_SECONDS,
    mimeType: 'image/png',
    size: bytes.byteLength,
    sha256: sha256Of(bytes),
  })
}

/** Sends a request and reads its answer to the end. */
async function send(under: Under, url: string, init: RequestInit = {}) {
  const response = await under().request(url, init)
  const { status, headers } = response
  return { status, headers, bytes: new Uint8Array(await response.arrayBuffer()) }
}

function putBytes(under: Under, signed: SignedPut, bytes: Uint8Array, headers: Record<string, string> = {}) {
  return send(under, signed.url, { method: 'PUT', body: bytes, headers: { ...signed.headers, ...headers } })
}

/** Signs as if `secondsAgo` had been now. */
function signedEarlier<T>(under: Under, secondsAgo: number, sign: () => T): T {
  under().setNow(() => new Date(Date.now() - secondsAgo * 1000))
  try {
    return sign()
  } finally {
    under().setNow(() => new Date())
  }
}

/** The URL with one thing about it changed, for every parameter and for the path. */
function alterations(url: string): string[] {
  const names = [...new URL(url).searchParams.keys()]
  const alteredQueries = names.flatMap((name) => {
    const [longer, without] = [new URL(url), new URL(url)]
    longer.searchParams.set(name, `${longer.searchParams.get(name)}1`)
    without.searchParams.delete(name)
    return [longer.href, without.href]
  })
  const otherKey = new URL(url)
  otherKey.pathname += 'x'
  const bare = new URL(url)
  bare.search = ''
  return [...alteredQueries, otherKey.href, bare.href]
}

function describeSignedPut(under: Under): void {
  it.each([0, 1, 300_000])('takes the %d bytes that were signed, also twice', async (size) => {
    const bytes = randomBytes(size)
    const key = newKey()
    const signed = signPutOf(under, bytes, key)
    expect((await putBytes(under, signed, bytes)).status).toBe(200)
    expect((await putBytes(under, signed, bytes)).status).toBe(200)
    expect(await under().opened.store.head(key)).toEqual({ size, sha256: sha256Of(bytes) })
  })

  it('refuses other bytes of the same length, and keeps nothing of them', async () => {
    const key = newKey()
    const signed = signPutOf(under, Buffer.from('hello'), key)
    expect((await putBytes(under, signed, Buffer.from('jello'))).status).toBe(400)
    expect(await under().opened.store.head(key)).toBeUndefined()
  })

  it.each(['', 'hell', 'hello!'])('refuses another length: %j', async (words) => {
    const key = newKey()
    const signed = signPutOf(under, Buffer.from('hello'), key)
    expect(REFUSED).toContain((await putBytes(under, signed, Buffer.from(words))).status)
    expect(await under().opened.store.head(key)).toBeUndefined()
  })

  it('refuses a body that does not say its length', async () => {
    const key = newKey()
    const signed = signPutOf(under, Buffer.from('hello'), key)
    const body = new Blob(['hello']).stream()
    const { status } = await send(under, signed.url, {
      method: 'PUT',
      body,
      headers: signed.headers,
      duplex: 'half',
    })
    expect(REFUSED).toContain(status)
    expect(await under().opened.store.head(key)).toBeUndefined()
  })

  it('refuses another type', async () => {
    const key = newKey()
    const signed = signPutOf(under, Buffer.from('hello'), key)
    const answer = await putBytes(under, signed, Buffer.from('hello'), { 'content-type': 'text/html' })
    expect(answer.status).toBe(403)
    expect(await under().opened.store.head(key)).toBeUndefined()
  })

  it('refuses to be told another checksum, although the bytes fit that', async () => {
    const key = newKey()
    const signed = signPutOf(under, Buffer.from('hello'), key)
    const { headers } = signPutOf(under, Buffer.from('jello'))
    expect((await putBytes(under, signed, Buffer.from('jello'), headers)).status).toBe(403)
    expect(await under().opened.store.head(key)).toBeUndefined()
  })

  it('refuses to be told no checksum', async () => {
    const key = newKey()
    const signed = signPutOf(under, Buffer.from('hello'), key)
    const headers = { 'content-type': 'image/png' }
    expect((await send(under, signed.url, { method: 'PUT', body: 'hello', headers })).status).toBe(403)
    expect(await under().opened.store.head(key)).toBeUndefined()
  })

  it('ends when it says that it does', async () => {
    const key = newKey()
    const bytes = Buffer.from('hello')
    const signed = signedEarlier(under, LIFE_SECONDS + 1, () => signPutOf(under, bytes, key))
    expect(signed.expiresAt.getTime()).toBeLessThan(Date.now())
    expect((await putBytes(under, signed, bytes)).status).toBe(403)
    expect(await under().opened.store.head(key)).toBeUndefined()
    const stillGood = signedEarlier(under, LIFE_SECONDS - 60, () => signPutOf(under, bytes, key))
    expect(stillGood.expiresAt.getTime()).toBeGreaterThan(Date.now())
    expect((await putBytes(under, stillGood, bytes)).status).toBe(200)
  })

  it('is refused when anything about it is altered', async () => {
    const key = newKey()
    const bytes = Buffer.from('hello')
    const signed = signPutOf(under, bytes, key)
    for (const url of alterations(signed.url)) {
      expect(REFUSED, url).toContain((await putBytes(under, { ...signed, url }, bytes)).status)
    }
    expect(await under().opened.store.head(key)).toBeUndefined()
    expect(await under().opened.store.head(`${key}x`)).toBeUndefined()
  })
}

function describeSignedGet(under: Under): void {
  const putAndSign = async (bytes: Uint8Array) => {
    const object = objectOf(bytes)
    await under().opened.store.put(object)
    const sign = () => under().opened.signer.signGet({ ...readOptions, key: object.key })
    return { object, sign, signed: sign() }
  }

  it.each([0, 1, 300_000])('gives the %d bytes, with the headers that were signed', async (size) => {
    const bytes = randomBytes(size)
    const { signed } = await putAndSign(bytes)
    const answer = await send(under, signed.url)
    expect(answer.status).toBe(200)
    expect(sha256Of(answer.bytes)).toBe(sha256Of(bytes))
    expect(answer.headers.get('content-length')).toBe(String(size))
    expect(answer.headers.get('content-type')).toBe(readOptions.mimeType)
    expect(answer.headers.get('content-disposition')).toBe(readOptions.contentDisposition)
    expect(answer.headers.get('cache-control')).toBe(readOptions.cacheControl)
  })

  it.each([
    ['bytes=2-4', 206, 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=5-99', 206, 'fghij', 'bytes 5-9/10'],
  ])('gives a part when asked for %s', async (range, status, expected, contentRange) => {
    const { signed } = await putAndSign(Buffer.from('abcdefghij'))
    const answer = await send(under, signed.url, { headers: { range } })
    expect([answer.status, Buffer.from(answer.bytes).toString()]).toEqual([status, expected])
    expect(answer.headers.get('content-range')).toBe(contentRange)
  })

  it('says that it has no part behind its end', async () => {
    const { signed } = await putAndSign(Buffer.from('abcdefghij'))
    expect((await send(under, signed.url, { headers: { range: 'bytes=10-' } })).status).toBe(416)
  })

  it('is signed for any key, and says 404 where there is nothing', async () => {
    const signed = under().opened.signer.signGet({ ...readOptions, key: newKey() })
    expect((await send(under, signed.url)).status).toBe(404)
  })

  it('ends when it says that it does', async () => {
    const { sign } = await putAndSign(Buffer.from('secret'))
    const ended = signedEarlier(under, LIFE_SECONDS + 1, sign)
    expect(ended.expiresAt.getTime()).toBeLessThan(Date.now())
    const answer = await send(under, ended.url)
    expect(answer.status).toBe(403)
    expect(Buffer.from(answer.bytes).toString()).not.toContain('secret')
    const stillGood = signedEarlier(under, LIFE_SECONDS - 60, sign)
    expect((await send(under, stillGood.url)).status).toBe(200)
  })

  it('is refused when anything about it is altered', async () => {
    const { signed, object } = await putAndSign(Buffer.from('secret'))
    await under().opened.store.put({ ...object, key: `${object.key}x` })
    for (const url of alterations(signed.url)) {
      const answer = await send(under, url)
      expect(REFUSED, url).toContain(answer.status)
      expect(Buffer.from(answer.bytes).toString()).not.toContain('secret')
    }
  })

  it.each(['PUT', 'DELETE', 'POST'])('permits reading and not %s', async (method) => {
    const { signed, object } = await putAndSign(Buffer.from('kept'))
    const { status } = await send(under, signed.url, { method, body: 'kept' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(await under().opened.store.head(object.key)).toEqual({ size: 4, sha256: object.sha256 })
  })

  it('is the same URL for the same instant', () => {
    const instant = new Date('2026-11-22T10:00:00Z')
    under().setNow(() => instant)
    const sign = () => under().opened.signer.signGet({ ...readOptions, key: 'files/ab/original' })
    expect(sign()).toEqual(sign())
    expect(sign().expiresAt).toEqual(new Date('2026-11-22T10:05:00Z'))
  })
}

function describeBrowsers(under: Under): void {
  const preflight = (origin: string, signed: SignedPut) =>
    send(under, signed.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': Object.keys(signed.headers).sort().join(','),
      },
    })

  it('lets a page of an allowed origin put and read', async () => {
    const bytes = Buffer.from('from a page')
    const key = newKey()
    const signed = signPutOf(under, bytes, key)
    const asked = await preflight(ALLOWED_ORIGIN, signed)
    expect(asked.status).toBeLessThan(300)
    expect(asked.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN)
    expect(asked.headers.get('access-control-allow-methods')).toContain('PUT')
    const allowedHeaders = asked.headers.get('access-control-allow-headers')?.toLowerCase()
    for (const name of Object.keys(signed.headers)) expect(allowedHeaders).toContain(name)
    const put = await putBytes(under, signed, bytes, { origin: ALLOWED_ORIGIN })
    expect([put.status, put.headers.get('access-control-allow-origin')]).toEqual([200, ALLOWED_ORIGIN])
    const { url } = under().opened.signer.signGet({ ...readOptions, key })
    const read = await send(under, url, { headers: { origin: ALLOWED_ORIGIN } })
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, ALLOWED_ORIGIN])
  })

  it('lets no page of another origin do either', async () => {
    const origin = 'https://elsewhere.example.com'
    const signed = signPutOf(under, Buffer.from('hello'))
    expect((await preflight(origin, signed)).headers.get('access-control-allow-origin')).toBeNull()
    const { url } = under().opened.signer.signGet({ ...readOptions, key: newKey() })
    const read = await send(under, url, { headers: { origin } })
    expect(read.headers.get('access-control-allow-origin')).toBeNull()
  })
}

/** Runs the promises of `UrlSigner` against the store under test. */
export function describeSignedUrls(under: Under): void {
  afterEach(() => under().setNow(() => new Date()))
  describe('with a URL signed for writing,', () => describeSignedPut(under))
  describe('with a URL signed for reading,', () => describeSignedGet(under))
  describe('for browsers,', () => describeBrowsers(under))
}
