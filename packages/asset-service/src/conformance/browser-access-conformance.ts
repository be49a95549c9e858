/** What a page in a browser may do with signed URLs (Fetch standard, "CORS protocol"): part of the object store's conformance. */
import { expect, it } from 'vitest'
import type { SignedPut } from '../ports/url-signer.ts'
import { putBytes, readOptions, send, signPutOf, type Under } from './signed-requests.ts'
import { ALLOWED_ORIGIN, newKey } from './store-under-test.ts'

/** Runs the promises that let pages of allowed origins, and no others, use signed URLs. */
export function describeBrowsers(under: Under): void {
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
    const put = await putBytes(
      under,
      { ...signed, headers: { ...signed.headers, origin: ALLOWED_ORIGIN } },
      bytes,
    )
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
