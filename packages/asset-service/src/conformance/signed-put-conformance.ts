/** What a URL that is signed for writing promises: part of the object store's conformance. */
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { SignedPut } from '../ports/url-signer.ts'
import {
  alterations,
  LIFE_SECONDS,
  putBytes,
  REFUSED,
  send,
  signedEarlier,
  signPutOf,
  type Under,
} from './signed-requests.ts'
import { newKey, sha256Of } from './store-under-test.ts'

function withHeaders(signed: SignedPut, headers: Record<string, string>): SignedPut {
  return { ...signed, headers: { ...signed.headers, ...headers } }
}

/** Runs the promises of URLs signed for writing. */
export function describeSignedPut(under: Under): void {
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
    const answer = await putBytes(
      under,
      withHeaders(signed, { 'content-type': 'text/html' }),
      Buffer.from('hello'),
    )
    expect(answer.status).toBe(403)
    expect(await under().opened.store.head(key)).toBeUndefined()
  })

  it('refuses to be told another checksum, although the bytes fit that', async () => {
    const key = newKey()
    const signed = signPutOf(under, Buffer.from('hello'), key)
    const { headers } = signPutOf(under, Buffer.from('jello'))
    expect((await putBytes(under, withHeaders(signed, headers), Buffer.from('jello'))).status).toBe(403)
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
