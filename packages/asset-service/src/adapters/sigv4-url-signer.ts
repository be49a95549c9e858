/**
 * Signs URLs for S3 with Signature Version 4 in the query ("Authenticating Requests: Using Query Parameters", S3 API
 * Reference). The SDK's presigner gives the same URLs at near 1 ms each; this one takes some microseconds.
 */
import { createHash, createHmac } from 'node:crypto'
import type { SignPart } from '../ports/object-store.ts'
import type { SignedPut, SignedUrl, SignGet, SignPut, UrlSigner } from '../ports/url-signer.ts'
import { encodeKey, encodeRfc3986 } from './rfc3986.ts'

export interface SigningScope {
  region: string
  accessKeyId: string
  secretAccessKey: string
}

export interface UrlToPresign {
  method: 'GET' | 'PUT'
  /** Scheme and authority without a default port, as `URL.origin` gives them. */
  origin: string
  /** Percent-encoded by RFC 3986. */
  path: string
  /** Parameters besides those of the signature; their names consist of letters, digits and hyphens. */
  query: Readonly<Record<string, string>>
  /** Headers that the request must carry besides `host`, their names in lower case. */
  headers: Readonly<Record<string, string>>
  at: Date
  expiresInSeconds: number
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
/** The body is not part of the signature: its checksum header is, where the body matters. */
const PAYLOAD_HASH = 'UNSIGNED-PAYLOAD'
/** S3 refuses an `X-Amz-Expires` beyond seven days. */
const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60

function assertExpires(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRES_SECONDS) return
  throw new RangeError(`A signed URL works for 1 to ${MAX_EXPIRES_SECONDS} seconds, not for ${seconds}`)
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The key changes once a day, so it is kept for as long as the day stays the same. */
function createDayKeys({ region, secretAccessKey }: SigningScope): (day: string) => Buffer {
  let kept: { day: string; key: Buffer } | undefined
  return (day) => {
    if (kept?.day !== day) {
      const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
      kept = { day, key: Buffer.from(key) }
    }
    return kept.key
  }
}

/** Names are sorted by code unit, which for these names is by byte. */
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1)

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .sort(byName)
    .map(([name, value]) => `${name}=${encodeRfc3986(value)}`)
    .join('&')
}

const canonicalHeaderValue = (value: string): string =>
  value.replace(/[\r\n\t ]+/g, ' ').replace(/^ | $/g, '')

function canonicalHeaders(headers: readonly (readonly [string, string])[]): string {
  return headers.map(([name, value]) => `${name}:${canonicalHeaderValue(value)}\n`).join('')
}

/** Makes a function that signs URLs of one region with one pair of keys. */
export function createPresigner(scope: SigningScope): (url: UrlToPresign) => string {
  const dayKey = createDayKeys(scope)
  return ({ method, origin, path, query, headers, at, expiresInSeconds }) => {
    assertExpires(expiresInSeconds)
    const instant = at.toISOString().replace(/[-:]|\.\d{3}/g, '')
    const day = instant.slice(0, 8)
    const credentialScope = `${day}/${scope.region}/s3/aws4_request`
    const host = origin.slice(origin.indexOf('//') + 2)
    const signed = Object.entries({ ...headers, host }).sort(byName)
    const signedNames = signed.map(([name]) => name).join(';')
    const unsignedQuery = canonicalQuery({
      ...query,
      'X-Amz-Algorithm': ALGORITHM,
      'X-Amz-Credential': `${scope.accessKeyId}/${credentialScope}`,
      'X-Amz-Date': instant,
      'X-Amz-Expires': String(expiresInSeconds),
      'X-Amz-SignedHeaders': signedNames,
    })
    const canonicalRequest = `${method}\n${path}\n${unsignedQuery}\n${canonicalHeaders(signed)}\n${signedNames}\n${PAYLOAD_HASH}`
    const requestHash = createHash('sha256').update(canonicalRequest).digest('hex')
    const stringToSign = `${ALGORITHM}\n${instant}\n${credentialScope}\n${requestHash}`
    const signature = createHmac('sha256', dayKey(day)).update(stringToSign).digest('hex')
    // Put in its sorted place, as the SDK does. Values are encoded, so what is found can only be the parameter itself.
    const signedQuery = unsignedQuery.replace(
      '&X-Amz-SignedHeaders=',
      `&X-Amz-Signature=${signature}&X-Amz-SignedHeaders=`,
    )
    return `${origin}${path}?${signedQuery}`
  }
}

export interface SigV4UrlSignerOptions extends SigningScope {
  /** The address that clients use, with the bucket's name to come in the path. */
  endpoint: string
  bucket: string
  now: () => Date
}

/** Signs parts of multipart uploads as well. */
export interface SigV4UrlSigner extends UrlSigner {
  signPart(options: SignPart): SignedPut
}

/** Signs URLs of one bucket; the same instant and options give the same URL. */
export function createSigV4UrlSigner(options: SigV4UrlSignerOptions): SigV4UrlSigner {
  const { bucket, now } = options
  const presign = createPresigner(options)
  const { origin, pathname } = new URL(options.endpoint)
  const bucketPath = `${pathname.replace(/\/$/, '')}/${bucket}`

  type Request = Pick<UrlToPresign, 'method' | 'query' | 'headers' | 'expiresInSeconds'> & { key: string }
  function sign({ key, ...request }: Request): SignedUrl {
    const at = now()
    const url = presign({ ...request, origin, path: `${bucketPath}/${encodeKey(key)}`, at })
    // `X-Amz-Date` has no fractions of a second.
    const signedAt = Math.floor(at.getTime() / 1000)
    return { url, expiresAt: new Date((signedAt + request.expiresInSeconds) * 1000) }
  }

  return {
    signGet({ key, expiresInSeconds, mimeType, contentDisposition, cacheControl }: SignGet): SignedUrl {
      const query = {
        'X-Amz-Content-Sha256': PAYLOAD_HASH,
        'response-cache-control': cacheControl,
        'response-content-disposition': contentDisposition,
        'response-content-type': mimeType,
        'x-id': 'GetObject',
      }
      return sign({ method: 'GET', key, query, headers: {}, expiresInSeconds })
    },

    signPut({ key, expiresInSeconds, mimeType, size, sha256 }: SignPut): SignedPut {
      const sent = {
        'content-type': mimeType,
        'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
      }
      const query = { 'X-Amz-Content-Sha256': PAYLOAD_HASH, 'x-id': 'PutObject' }
      const headers = { ...sent, 'content-length': String(size) }
      return { ...sign({ method: 'PUT', key, query, headers, expiresInSeconds }), headers: sent }
    },

    signPart({ key, multipartId, partNumber, size, sha256, expiresInSeconds }: SignPart): SignedPut {
      const sent = { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') }
      const query = {
        'X-Amz-Content-Sha256': PAYLOAD_HASH,
        partNumber: String(partNumber),
        uploadId: multipartId,
        'x-id': 'UploadPart',
      }
      const headers = { ...sent, 'content-length': String(size) }
      return { ...sign({ method: 'PUT', key, query, headers, expiresInSeconds }), headers: sent }
    },
  }
}
