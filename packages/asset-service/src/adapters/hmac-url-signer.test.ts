/** Tests of URLs that the Asset Service signs and checks itself. */
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { contentDigest, createHmacUrls, type HmacUrls } from './hmac-url-signer.ts'

const START = new Date('2026-11-22T10:00:00Z').getTime()
const sha256 = createHash('sha256').update('hello').digest('hex')
const get = {
  key: 'files/ab/abc/original',
  expiresInSeconds: 60,
  mimeType: 'image/png',
  contentDisposition: `inline; filename*=UTF-8''%C3%A9.png`,
  cacheControl: 'private',
}
const put = { key: 'files/ab/abc/original', expiresInSeconds: 60, mimeType: 'image/png', size: 5, sha256 }

function urlsAt(now: () => number = () => START, secret = 'a secret of the service'): HmacUrls {
  const options = { publicUrl: 'https://assets.example.com/base/', prefix: '/objects', secret }
  return createHmacUrls({ ...options, now: () => new Date(now()) })
}

function received(url: string): { key: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(url)
  return { key: decodeURIComponent(pathname.slice('/base/objects/'.length)), query: searchParams }
}

const refusal = (code: string) => expect.objectContaining({ code })

describe('a URL signed by the service', () => {
  it('stands under the public address and the prefix', () => {
    expect(urlsAt().signer.signGet(get).url).toMatch(
      /^https:\/\/assets\.example\.com\/base\/objects\/files\/ab\/abc\/original\?/,
    )
  })

  it('is the same for the same instant', () => {
    expect(urlsAt().signer.signGet(get)).toEqual(urlsAt().signer.signGet(get))
  })

  it('brings back what was signed, whatever the texts are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
    // What a client does to dot segments (URL standard, "path state") is the same for every store.
    const plainKey = key.filter(
      (candidate) => !candidate.split('/').some((part) => part === '.' || part === '..'),
    )
    const cases = fc.record({ key: plainKey, mimeType: text, contentDisposition: text, cacheControl: text })
    fc.assert(
      fc.property(cases, (claims) => {
        const urls = urlsAt()
        const { url } = urls.signer.signGet({ ...claims, expiresInSeconds: 60 })
        expect(urls.verifyGet(received(url))).toEqual(claims)
      }),
      { numRuns: 50 },
    )
  })

  it('brings back the size and the checksum of a PUT', () => {
    const urls = urlsAt()
    const { expiresInSeconds: _, ...claims } = put
    expect(urls.verifyPut(received(urls.signer.signPut(put).url))).toEqual(claims)
  })

  it('names the headers that the client has to send', () => {
    expect(urlsAt().signer.signPut(put).headers).toEqual({
      'content-type': 'image/png',
      'content-digest': 'sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:',
    })
    expect(contentDigest(sha256)).toBe('sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:')
  })

  it('works until its expiry and not from then on', () => {
    let now = START
    const urls = urlsAt(() => now)
    const { url, expiresAt } = urls.signer.signGet(get)
    now = expiresAt.getTime() - 1
    expect(urls.verifyGet(received(url)).key).toBe(get.key)
    now = expiresAt.getTime()
    expect(() => urls.verifyGet(received(url))).toThrow(refusal('URL_EXPIRED'))
  })

  it('is refused when any one character of its query is another', () => {
    const urls = urlsAt()
    const { url } = urls.signer.signGet(get)
    const { key } = received(url)
    const text = new URL(url).search.slice(1)
    for (let index = 0; index < text.length; index++) {
      const altered = text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1)
      const query = new URLSearchParams(altered)
      // A space can be written as '+' or as '%20', and hexadecimal digits in either case: those are the same query.
      if (query.toString() === new URLSearchParams(text).toString()) continue
      expect(() => urls.verifyGet({ key, query }), altered).toThrow(refusal('URL_INVALID'))
    }
  })

  it.each(['&expires=9999999999', '&cacheControl=public', '&another=1', '&signature=x'])(
    'is refused with %s added at either end',
    (extra) => {
      const urls = urlsAt()
      const { url } = urls.signer.signGet(get)
      const { key } = received(url)
      const text = new URL(url).search.slice(1)
      expect(() => urls.verifyGet({ key, query: new URLSearchParams(`${extra.slice(1)}&${text}`) })).toThrow(
        refusal('URL_INVALID'),
      )
      // A second signature behind the first changes nothing that is signed, and is not looked at.
      if (extra.startsWith('&signature')) return
      expect(() => urls.verifyGet({ key, query: new URLSearchParams(text + extra) })).toThrow(
        refusal('URL_INVALID'),
      )
    },
  )

  it('is refused for another key', () => {
    const urls = urlsAt()
    const { query } = received(urls.signer.signGet(get).url)
    expect(() => urls.verifyGet({ key: `${get.key}x`, query })).toThrow(refusal('URL_INVALID'))
  })

  it('is refused for another method', () => {
    const urls = urlsAt()
    expect(() => urls.verifyPut(received(urls.signer.signGet(get).url))).toThrow(refusal('URL_INVALID'))
    expect(() => urls.verifyGet(received(urls.signer.signPut(put).url))).toThrow(refusal('URL_INVALID'))
  })

  it('is refused by whoever has another secret', () => {
    const { url } = urlsAt(() => START, 'another secret').signer.signGet(get)
    expect(() => urlsAt().verifyGet(received(url))).toThrow(refusal('URL_INVALID'))
  })

  it('is refused without a signature', () => {
    const urls = urlsAt()
    const { key, query } = received(urls.signer.signGet(get).url)
    query.delete('signature')
    expect(() => urls.verifyGet({ key, query })).toThrow(refusal('URL_INVALID'))
    expect(() => urls.verifyGet({ key, query: new URLSearchParams() })).toThrow(refusal('URL_INVALID'))
  })

  it('tells a stranger nothing but that it is not valid, also when its time is over', () => {
    let now = START
    const urls = urlsAt(() => now)
    const { key, query } = received(urls.signer.signGet(get).url)
    now += 3_600_000
    query.set('signature', 'x'.repeat(43))
    expect(() => urls.verifyGet({ key, query })).toThrow(refusal('URL_INVALID'))
  })

  it.each([0, -1, 0.5, Number.NaN])('is not made for a life of %d seconds', (expiresInSeconds) => {
    expect(() => urlsAt().signer.signGet({ ...get, expiresInSeconds })).toThrow(RangeError)
  })
})
