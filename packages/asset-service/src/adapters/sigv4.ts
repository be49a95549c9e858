/** Signature Version 4 ("Create a signed AWS API request", IAM User Guide): what signatures in a query and in a header share. */
import { createHash, createHmac } from 'node:crypto'
import { encodeRfc3986 } from './rfc3986.ts'

export interface SigningScope {
  region: string
  accessKeyId: string
  secretAccessKey: string
}

export const ALGORITHM = 'AWS4-HMAC-SHA256'
/** The body is not part of the signature: its checksum header is, where the body matters. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** The instant of a signature as the protocol writes it, and the scope its key is good for. */
export interface Stamp {
  instant: string
  day: string
  credentialScope: string
}

export type SortedHeaders = readonly (readonly [name: string, value: string])[]

/** A request as it is signed. */
export interface CanonicalRequest {
  method: string
  /** Percent-encoded by RFC 3986. */
  path: string
  /** As `canonicalQuery` makes it. */
  query: string
  headers: SortedHeaders
  payloadHash: string
}

/** The instant of a signature; it has no fractions of a second. */
export function stampOf({ region }: SigningScope, at: Date): Stamp {
  const instant = at.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = instant.slice(0, 8)
  return { instant, day, credentialScope: `${day}/${region}/s3/aws4_request` }
}

/** Names are sorted by code unit, which for these names is by byte. */
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1)

/** Parameters, encoded and in their order; their names consist of letters, digits and hyphens. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .sort(byName)
    .map(([name, value]) => `${name}=${encodeRfc3986(value)}`)
    .join('&')
}

/** Headers in the order in which they are signed; their names are in lower case. */
export function sortedHeaders(headers: Readonly<Record<string, string>>): SortedHeaders {
  return Object.entries(headers).sort(byName)
}

/** The names of signed headers, as a signature lists them. */
export function signedNames(headers: SortedHeaders): string {
  return headers.map(([name]) => name).join(';')
}

const canonicalHeaderValue = (value: string): string =>
  value.replace(/[\r\n\t ]+/g, ' ').replace(/^ | $/g, '')

function canonicalHeaders(headers: SortedHeaders): string {
  return headers.map(([name, value]) => `${name}:${canonicalHeaderValue(value)}\n`).join('')
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

/** Makes a function that computes signatures with one pair of keys. */
export function createSignatures(scope: SigningScope): (request: CanonicalRequest, stamp: Stamp) => string {
  const dayKey = createDayKeys(scope)
  return ({ method, path, query, headers, payloadHash }, { instant, day, credentialScope }) => {
    const canonical = `${method}\n${path}\n${query}\n${canonicalHeaders(headers)}\n${signedNames(headers)}\n${payloadHash}`
    const requestHash = createHash('sha256').update(canonical).digest('hex')
    const stringToSign = `${ALGORITHM}\n${instant}\n${credentialScope}\n${requestHash}`
    return createHmac('sha256', dayKey(day)).update(stringToSign).digest('hex')
  }
}

export interface RequestToSign {
  method: string
  /** The `Host` header's value. */
  host: string
  path: string
  query: Readonly<Record<string, string>>
  /** Names in lower case; all of them are signed. */
  headers: Readonly<Record<string, string>>
  /** SHA-256 of the body in hexadecimal, or `UNSIGNED_PAYLOAD`. */
  payloadHash: string
  at: Date
}

export interface SignedRequest {
  /** The path with its query, as it was signed. */
  target: string
  headers: Record<string, string>
}

/** Makes a function that signs requests in their `Authorization` header ("Authorization header", S3 API Reference). */
export function createRequestSigner(scope: SigningScope): (request: RequestToSign) => SignedRequest {
  const sign = createSignatures(scope)
  return ({ method, host, path, query, headers, payloadHash, at }) => {
    const stamp = stampOf(scope, at)
    const sent = { ...headers, host, 'x-amz-content-sha256': payloadHash, 'x-amz-date': stamp.instant }
    const signed = sortedHeaders(sent)
    const queryText = canonicalQuery(query)
    const signature = sign({ method, path, query: queryText, headers: signed, payloadHash }, stamp)
    const credential = `Credential=${scope.accessKeyId}/${stamp.credentialScope}`
    const authorization = `${ALGORITHM} ${credential}, SignedHeaders=${signedNames(signed)}, Signature=${signature}`
    return {
      target: queryText === '' ? path : `${path}?${queryText}`,
      headers: { ...sent, authorization },
    }
  }
}
