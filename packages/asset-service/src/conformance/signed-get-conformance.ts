/** What a URL that is signed for reading promises: part of the object store's conformance. */
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  alterations,
  LIFE_SECONDS,
  readOptions,
  REFUSED,
  send,
  signedEarlier,
  type Under,
} from './signed-requests.ts'
import { newKey, objectOf, sha256Of } from './store-under-test.ts'

/** Runs the promises of URLs signed for reading. */
export function describeSignedGet(under: Under): void {
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
    { range: 'bytes=2-4', part: 'cde', contentRange: 'bytes 2-4/10' },
    { range: 'bytes=7-', part: 'hij', contentRange: 'bytes 7-9/10' },
    { range: 'bytes=-2', part: 'ij', contentRange: 'bytes 8-9/10' },
    { range: 'bytes=5-99', part: 'fghij', contentRange: 'bytes 5-9/10' },
  ])('gives a part when asked for $range', async ({ range, part, contentRange }) => {
    const { signed } = await putAndSign(Buffer.from('abcdefghij'))
    const answer = await send(under, signed.url, { headers: { range } })
    expect([answer.status, Buffer.from(answer.bytes).toString()]).toEqual([206, part])
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
