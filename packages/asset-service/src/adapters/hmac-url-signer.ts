/** Signs URLs for objects that the Asset Service hands out itself, and checks them when they come back. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { StudioError } from '@studio/contracts/studio-error'
import type { SignedUrl, SignGet, SignPut, UrlSigner } from '../ports/url-signer.ts'
import { encodeKey } from './rfc3986.ts'

export interface HmacUrlSignerOptions {
  /** Where clients reach the endpoint; its prefix follows. */
  publicUrl: string
  prefix: string
  secret: string
  now: () => Date
}

/** A request that brought a signed URL. A URL signed for GET works for HEAD as well. */
export interface SignedRequest {
  method: 'GET' | 'PUT'
  key: string
  query: URLSearchParams
}

/** What the signature vouches for. */
export type ReadClaims = Pick<SignGet, 'key' | 'mimeType' | 'contentDisposition' | 'cacheControl'>
export type WriteClaims = Pick<SignPut, 'key' | 'mimeType' | 'size' | 'sha256'>

export interface HmacUrls {
  signer: UrlSigner
  /** Throws `URL_INVALID` for a URL that was not signed or was altered, `URL_EXPIRED` for one whose time is over. */
  verifyGet(request: Omit<SignedRequest, 'method'>): ReadClaims
  verifyPut(request: Omit<SignedRequest, 'method'>): WriteClaims
}

interface ToSign extends Pick<SignedRequest, 'method' | 'key'> {
  seconds: number
}

const SIGNATURE = 'signature'
const EXPIRES = 'expires'

/** The checksum as clients send it: `Content-Digest` of RFC 9530, section 2. */
export function contentDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`
}

function assertExpires(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new RangeError(`A signed URL works for 1 second or more, not for ${seconds}`)
  }
}

/** Makes a signer and the checks that belong to it; who knows the secret can do both. */
export function createHmacUrls({ publicUrl, prefix, secret, now }: HmacUrlSignerOptions): HmacUrls {
  const baseUrl = `${publicUrl.replace(/\/+$/, '')}${prefix}`

  // Every parameter is part of what is signed, so none can be added, dropped or repeated.
  function signatureOf({ method, key, query }: SignedRequest): string {
    const unsigned = new URLSearchParams([...query].filter(([name]) => name !== SIGNATURE))
    unsigned.sort()
    return createHmac('sha256', secret)
      .update(`${method}\n${unsigned.toString()}\n${key}`)
      .digest('base64url')
  }

  function sign({ method, key, seconds }: ToSign, claims: Record<string, string>): SignedUrl {
    assertExpires(seconds)
    const expires = Math.floor(now().getTime() / 1000) + seconds
    const query = new URLSearchParams({ ...claims, [EXPIRES]: String(expires) })
    query.append(SIGNATURE, signatureOf({ method, key, query }))
    return { url: `${baseUrl}/${encodeKey(key)}?${query.toString()}`, expiresAt: new Date(expires * 1000) }
  }

  function verify(request: SignedRequest): (name: string) => string {
    const given = Buffer.from(request.query.get(SIGNATURE) ?? '')
    const expected = Buffer.from(signatureOf(request))
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new StudioError('URL_INVALID')
    if (now().getTime() >= Number(request.query.get(EXPIRES)) * 1000) throw new StudioError('URL_EXPIRED')
    return (name) => request.query.get(name) ?? ''
  }

  return {
    signer: {
      signGet({ key, expiresInSeconds: seconds, ...claims }) {
        return sign({ method: 'GET', key, seconds }, claims)
      },
      signPut({ key, expiresInSeconds: seconds, mimeType, size, sha256 }) {
        const signed = sign({ method: 'PUT', key, seconds }, { mimeType, size: String(size), sha256 })
        return { ...signed, headers: { 'content-type': mimeType, 'content-digest': contentDigest(sha256) } }
      },
    },
    verifyGet({ key, query }) {
      const claim = verify({ method: 'GET', key, query })
      return {
        key,
        mimeType: claim('mimeType'),
        contentDisposition: claim('contentDisposition'),
        cacheControl: claim('cacheControl'),
      }
    },
    verifyPut({ key, query }) {
      const claim = verify({ method: 'PUT', key, query })
      return { key, mimeType: claim('mimeType'), size: Number(claim('size')), sha256: claim('sha256') }
    },
  }
}
