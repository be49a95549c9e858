/** Tests of URLs signed for S3: the published example, and the SDK's own presigner as the judge of all others. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPresigner, createSigV4UrlSigner } from './sigv4-url-signer.ts'

const scope = { region: 'eu-central-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalr/XUtn+FEMI=K7' }
const bucket = 'studio-files'
const ENDPOINTS = [
  'http://127.0.0.1:9000',
  'https://s3.example.com',
  'https://s3.example.com:443/',
  'http://[::1]:9000',
  'https://gateway.example.com/storage/v1',
]

function sdkClient(endpoint: string): S3Client {
  const { region, ...credentials } = scope
  return new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}
const clients = new Map(ENDPOINTS.map((endpoint) => [endpoint, sdkClient(endpoint)]))
function clientOf(endpoint: string): S3Client {
  const client = clients.get(endpoint)
  if (client === undefined) throw new RangeError(endpoint)
  return client
}

const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
const anyKey = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
  fc
    .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1 })
    .map((parts) => parts.join('/')),
)
const anyInstant = fc.date({ min: new Date('2001-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
const anyLife = fc.integer({ min: 1, max: 604_800 })
const anyEndpoint = fc.constantFrom(...ENDPOINTS)

describe('a presigned URL', () => {
  it('is the one that the S3 documentation publishes for its example', () => {
    const presign = createPresigner({
      region: 'us-east-1',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    })
    const url = presign({
      method: 'GET',
      origin: 'https://examplebucket.s3.amazonaws.com',
      path: '/test.txt',
      query: {},
      headers: {},
      at: new Date('2013-05-24T00:00:00Z'),
      expiresInSeconds: 86_400,
    })
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request',
      'X-Amz-Date': '20130524T000000Z',
      'X-Amz-Expires': '86400',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    })
  })

  it('of a GET equals the one of the SDK for the same instant', async () => {
    const cases = fc.record({
      endpoint: anyEndpoint,
      key: anyKey,
      at: anyInstant,
      expiresInSeconds: anyLife,
      mimeType: anyText,
      contentDisposition: anyText,
      cacheControl: anyText,
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ endpoint, at, ...options }) => {
        const signer = createSigV4UrlSigner({ ...scope, endpoint, bucket, now: () => at })
        const command = new GetObjectCommand({
          Bucket: bucket,
          Key: options.key,
          ResponseContentType: options.mimeType,
          ResponseContentDisposition: options.contentDisposition,
          ResponseCacheControl: options.cacheControl,
        })
        const expected = await getSignedUrl(clientOf(endpoint), command, {
          signingDate: at,
          expiresIn: options.expiresInSeconds,
        })
        expect(signer.signGet(options).url).toBe(expected)
      }),
      { numRuns: 250 },
    )
  })

  it('of a PUT equals the one of the SDK for the same instant, with the same headers signed', async () => {
    const signableHeaders = ['content-length', 'content-type', 'host', 'x-amz-checksum-sha256']
    const cases = fc.record({
      endpoint: anyEndpoint,
      key: anyKey,
      at: anyInstant,
      expiresInSeconds: anyLife,
      mimeType: anyText,
      size: fc.nat({ max: 5 * 1024 ** 3 }),
      sha256: fc.uint8Array().map((bytes) => createHash('sha256').update(bytes).digest('hex')),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ endpoint, at, ...options }) => {
        const signer = createSigV4UrlSigner({ ...scope, endpoint, bucket, now: () => at })
        const command = new PutObjectCommand({
          Bucket: bucket,
          Key: options.key,
          ContentType: options.mimeType,
          ContentLength: options.size,
          ChecksumSHA256: Buffer.from(options.sha256, 'hex').toString('base64'),
        })
        const expected = await getSignedUrl(clientOf(endpoint), command, {
          signingDate: at,
          expiresIn: options.expiresInSeconds,
          signableHeaders: new Set(signableHeaders),
          unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
        })
        const signed = signer.signPut(options)
        expect(signed.url).toBe(expected)
        expect(new URL(signed.url).searchParams.get('X-Amz-SignedHeaders')).toBe(signableHeaders.join(';'))
      }),
      { numRuns: 250 },
    )
  })
})

describe('the signer', () => {
  const get = { key: 'k', mimeType: 'image/png', contentDisposition: 'inline', cacheControl: 'private' }

  it('gives the same URL for the same instant, and another for another', () => {
    let at = new Date('2026-11-22T10:00:00Z')
    const signer = createSigV4UrlSigner({
      ...scope,
      endpoint: 'https://s3.example.com',
      bucket,
      now: () => at,
    })
    const first = signer.signGet({ ...get, expiresInSeconds: 60 }).url
    expect(signer.signGet({ ...get, expiresInSeconds: 60 }).url).toBe(first)
    at = new Date('2026-11-22T10:00:01Z')
    expect(signer.signGet({ ...get, expiresInSeconds: 60 }).url).not.toBe(first)
  })

  it('takes a new key when the day changes', () => {
    const days = ['2026-11-22T23:59:59Z', '2026-11-23T00:00:00Z', '2026-11-22T23:59:59Z']
    const url = (now: () => Date): string =>
      createSigV4UrlSigner({ ...scope, endpoint: 'https://s3.example.com', bucket, now }).signGet({
        ...get,
        expiresInSeconds: 60,
      }).url
    const fresh = days.map((day) => url(() => new Date(day)))
    let day = 0
    const signer = createSigV4UrlSigner({
      ...scope,
      endpoint: 'https://s3.example.com',
      bucket,
      now: () => new Date(days[day++] ?? ''),
    })
    expect(days.map(() => signer.signGet({ ...get, expiresInSeconds: 60 }).url)).toEqual(fresh)
  })

  it('says when the URL ends: the store knows the signing instant in whole seconds only', () => {
    const now = () => new Date('2026-11-22T10:00:00.987Z')
    const signer = createSigV4UrlSigner({ ...scope, endpoint: 'https://s3.example.com', bucket, now })
    expect(signer.signGet({ ...get, expiresInSeconds: 60 }).expiresAt).toEqual(
      new Date('2026-11-22T10:01:00Z'),
    )
  })

  it('names the headers that the client has to send, and leaves the length to the client', () => {
    const signer = createSigV4UrlSigner({
      ...scope,
      endpoint: 'https://s3.example.com',
      bucket,
      now: () => new Date(),
    })
    const sha256 = createHash('sha256').update('hello').digest('hex')
    const signed = signer.signPut({ key: 'k', expiresInSeconds: 60, mimeType: 'text/plain', size: 5, sha256 })
    expect(signed.headers).toEqual({
      'content-type': 'text/plain',
      'x-amz-checksum-sha256': 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
    })
  })

  it.each([0, -1, 0.5, 604_801, Number.NaN])('refuses a life of %d seconds', (expiresInSeconds) => {
    const signer = createSigV4UrlSigner({
      ...scope,
      endpoint: 'https://s3.example.com',
      bucket,
      now: () => new Date(),
    })
    expect(() => signer.signGet({ ...get, expiresInSeconds })).toThrow(RangeError)
  })
})
