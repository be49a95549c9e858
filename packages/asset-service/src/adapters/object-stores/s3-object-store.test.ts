/** Tests of the S3 object store against a real S3 server. */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetBucketCorsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, inject, it } from 'vitest'
import type {} from '@studio/dev/testing/global-s3'
import { describeObjectListing } from '../../conformance/object-listing-conformance.ts'
import { describeObjectStore } from '../../conformance/object-store-conformance.ts'
import { ALLOWED_ORIGIN, newKey, objectOf, type SetUpStore } from '../../conformance/store-under-test.ts'
import { open } from './s3-object-store.ts'

const server = inject('testS3')
/** Nothing listens there: the port is reserved (RFC 6335, section 6). */
const NOWHERE = 'http://127.0.0.1:1'

function newSettings(): Record<string, string> {
  return {
    S3_ENDPOINT: server.endpoint,
    S3_REGION: server.region,
    S3_BUCKET: `test-${randomUUID()}`,
    S3_ACCESS_KEY_ID: server.accessKeyId,
    S3_SECRET_ACCESS_KEY: server.secretAccessKey,
  }
}

const sdk = new S3Client({
  endpoint: server.endpoint,
  region: server.region,
  credentials: server,
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
})
afterAll(() => sdk.destroy())

const setUp: SetUpStore = async () => {
  let now = () => new Date()
  const settings = newSettings()
  return {
    opened: open(settings, () => now()),
    away: open({ ...settings, S3_ENDPOINT: NOWHERE }),
    request: fetch,
    setNow: (clock) => (now = clock),
    dispose: async () => {},
  }
}

describeObjectStore('the S3 object store', setUp)
describeObjectListing('the S3 object store', setUp, { multipart: true })

async function prepared(settings = newSettings()) {
  const { store, signer } = open(settings)
  await store.prepare({ allowedOrigins: [ALLOWED_ORIGIN] })
  return { store, signer, bucket: settings['S3_BUCKET'] ?? '' }
}

async function allowEveryone(bucket: string, statement: { Action: string; Resource: string }): Promise<void> {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', ...statement }],
  })
  await sdk.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))
}

describe('anonymous access to a bucket', () => {
  it('is noticed when a policy lets everyone read objects', async () => {
    const { store, bucket } = await prepared()
    await allowEveryone(bucket, { Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` })
    expect(await store.allowsAnonymousAccess()).toBe(true)
  })

  it('is noticed when a policy lets everyone list', async () => {
    const { store, bucket } = await prepared()
    await allowEveryone(bucket, { Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket}` })
    expect(await store.allowsAnonymousAccess()).toBe(true)
  })

  it('is looked for without leaving anything in the bucket', async () => {
    const { store, bucket } = await prepared()
    await store.allowsAnonymousAccess()
    await allowEveryone(bucket, { Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` })
    await store.allowsAnonymousAccess()
    expect((await sdk.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).toEqual([])
  })

  it('is noticed when only the public address hands objects out', async () => {
    const gate: Server = createServer((_request, reply) => reply.end('everything'))
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
    const { port } = gate.address() as AddressInfo
    const { store } = await prepared({ ...newSettings(), S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${port}` })
    expect(await store.allowsAnonymousAccess()).toBe(true)
    await new Promise((resolve) => gate.close(resolve))
  })

  it('is judged by the address of the store alone where the public one cannot be reached from here', async () => {
    const { store } = await prepared({ ...newSettings(), S3_PUBLIC_ENDPOINT: NOWHERE })
    expect(await store.allowsAnonymousAccess()).toBe(false)
  })
})

describe('a bucket', () => {
  it('that is not there is no empty bucket: nothing in it is said to be absent', async () => {
    const { store, bucket } = await prepared()
    await sdk.send(new DeleteBucketCommand({ Bucket: bucket }))
    const unavailable = { code: 'STORE_UNAVAILABLE', cause: expect.any(Error) }
    await expect(store.head(newKey())).rejects.toMatchObject(unavailable)
    await expect(store.readRange(newKey(), { start: 0, end: 9 })).rejects.toMatchObject(unavailable)
    await expect(store.put(objectOf(Buffer.from('lost')))).rejects.toMatchObject(unavailable)
    await expect(store.ping()).rejects.toMatchObject(unavailable)
  })

  it('is made once, when several replicas start at the same time', async () => {
    const settings = newSettings()
    await Promise.all(Array.from({ length: 5 }, () => prepared(settings)))
    await expect(open(settings).store.ping()).resolves.toBeUndefined()
  })

  it('keeps its rules for browsers when no origin is named', async () => {
    const { store, bucket } = await prepared()
    await store.prepare({ allowedOrigins: [] })
    const { CORSRules } = await sdk.send(new GetBucketCorsCommand({ Bucket: bucket }))
    expect(CORSRules?.flatMap((rule) => rule.AllowedOrigins)).toEqual([ALLOWED_ORIGIN])
  })
})

describe('what was sent in parts', () => {
  it('has no checksum of the whole, and says so', async () => {
    const { store, bucket } = await prepared()
    const target = { Bucket: bucket, Key: newKey() }
    const { UploadId } = await sdk.send(
      new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' }),
    )
    const { sha256 } = objectOf(Buffer.from('one part'))
    const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64')
    const Body = Buffer.from('one part')
    const part = await sdk.send(
      new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body, ChecksumSHA256 }),
    )
    const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumSHA256 }]
    expect(await store.head(target.Key)).toBeUndefined()
    await sdk.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
    expect(await store.head(target.Key)).toEqual({
      size: 8,
      sha256: undefined,
      compositeSha256: expect.stringMatching(/^[0-9a-f]{64}-1$/),
    })
  })
})

describe('the settings', () => {
  it('sign for the public address and speak to the other', async () => {
    const { store, signer } = await prepared({
      ...newSettings(),
      S3_PUBLIC_ENDPOINT: 'https://files.example.com/',
    })
    await expect(store.ping()).resolves.toBeUndefined()
    const { url } = signer.signPut({ ...objectOf(new Uint8Array()), size: 0, expiresInSeconds: 60 })
    expect(new URL(url).origin).toBe('https://files.example.com')
  })

  it.each([
    ['S3_ENDPOINT', 'not a url'],
    ['S3_ENDPOINT', 'ftp://files.example.com'],
    ['S3_PUBLIC_ENDPOINT', 'files.example.com'],
    ['S3_REGION', ''],
    ['S3_BUCKET', 'Upper_Case'],
    ['S3_ACCESS_KEY_ID', ''],
    ['S3_SECRET_ACCESS_KEY', undefined],
  ])('are refused with %s being %j', (name, value) => {
    expect(() => open({ ...newSettings(), [name]: value })).toThrow(name)
  })

  it('are refused by a server to which the key is unknown, as a store that cannot be used', async () => {
    const { store } = open({ ...newSettings(), S3_ACCESS_KEY_ID: 'unknown' })
    await expect(store.prepare({ allowedOrigins: [] })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
