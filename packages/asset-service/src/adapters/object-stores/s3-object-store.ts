/** Keeps objects in an S3 bucket: Amazon's own, or any server that speaks its protocol. */
import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  S3Client,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3'
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'
import type { ObjectHead, ObjectStore, OpenedObjectStore } from '../../ports/object-store.ts'
import { assertByteRange } from '../byte-range.ts'
import { isOpenToStrangers } from '../s3-anonymous-probe.ts'
import { checksumHeader, isChecksumRefusal } from '../s3-checksum.ts'
import { copyS3Object } from '../s3-copy.ts'
import { createS3Multipart } from '../s3-multipart.ts'
import { createS3Listing } from '../s3-object-listing.ts'
import { createS3Requests, type S3Answer, type S3Requests } from '../s3-requests.ts'
import { createSigV4UrlSigner } from '../sigv4-url-signer.ts'

const endpointSchema = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const settingsSchema = z.object({
  S3_ENDPOINT: endpointSchema,
  /** What browsers use, where that differs. */
  S3_PUBLIC_ENDPOINT: endpointSchema.optional(),
  S3_REGION: z.string().min(1),
  S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'Not a bucket name'),
  S3_ACCESS_KEY_ID: z.string().min(1),
  S3_SECRET_ACCESS_KEY: z.string().min(1),
})
type Settings = z.output<typeof settingsSchema>

const CONNECT_WITHIN_MS = 3_000
/** From the request to the answer's headers; bodies that pass here are small. */
const ANSWER_WITHIN_MS = 30_000
const MAX_SOCKETS = 64
/** Of each request; all of them may be repeated. */
const MAX_ATTEMPTS = 3

/** `CreateBucket` needs no location in this region, and Amazon refuses it there. */
const DEFAULT_REGION = 'us-east-1'
/** Prefix of the objects that `allowsAnonymousAccess` makes and removes; no file's key begins with it. */
const PROBE_PREFIX = '.studio-probe/'
const CORS_MAX_AGE_SECONDS = 3600

/** Runs a request: the store's errors named in `answers` are answers, every other is mapped to one of ours. */
async function ask<T>(request: () => Promise<T>, answers: Readonly<Record<string, T>> = {}): Promise<T> {
  try {
    return await request()
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : ''
    for (const [expected, answer] of Object.entries(answers)) if (name === expected) return answer
    throw new StudioError(isChecksumRefusal(cause) ? 'CHECKSUM_MISMATCH' : 'STORE_UNAVAILABLE', { cause })
  }
}

function createClient(settings: Settings): S3Client {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS }
  return new S3Client({
    endpoint: settings.S3_ENDPOINT,
    region: settings.S3_REGION,
    credentials: { accessKeyId: settings.S3_ACCESS_KEY_ID, secretAccessKey: settings.S3_SECRET_ACCESS_KEY },
    forcePathStyle: true,
    // The checksums that count are given explicitly; the SDK's own come as trailers, which some servers stumble over.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      requestTimeout: ANSWER_WITHIN_MS,
      throwOnRequestTimeout: true,
      socketTimeout: ANSWER_WITHIN_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
}

/** A multipart object's checksum is one over its parts' checksums, which is not that of the whole. */
function checksumsOf({ headers }: S3Answer): Pick<ObjectHead, 'sha256' | 'compositeSha256'> {
  const [base64 = '', parts] = headers['x-amz-checksum-sha256']?.split('-') ?? []
  const hex = base64 === '' ? undefined : Buffer.from(base64, 'base64').toString('hex')
  if (parts === undefined) return { sha256: hex, compositeSha256: undefined }
  return { sha256: undefined, compositeSha256: `${hex}-${parts}` }
}

interface Bucket {
  client: S3Client
  requests: S3Requests
  settings: Settings
  fetch: typeof globalThis.fetch
}

async function createBucketIfAbsent({ client, settings }: Bucket): Promise<void> {
  const Bucket = settings.S3_BUCKET
  const isThere = async (): Promise<boolean> => {
    await client.send(new HeadBucketCommand({ Bucket }))
    return true
  }
  if (await ask(isThere, { NotFound: false })) return
  const location = settings.S3_REGION as BucketLocationConstraint
  const command = new CreateBucketCommand({
    Bucket,
    ...(settings.S3_REGION !== DEFAULT_REGION && {
      CreateBucketConfiguration: { LocationConstraint: location },
    }),
  })
  // Another replica may have been faster; the next request tells whether the bucket can be used.
  await ask<unknown>(() => client.send(command), {
    BucketAlreadyOwnedByYou: undefined,
    BucketAlreadyExists: undefined,
    OperationAborted: undefined,
  })
  await ask(isThere)
}

async function allowOrigins({ client, settings }: Bucket, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  const rule = {
    AllowedOrigins: [...origins],
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedHeaders: ['content-type', 'range', 'x-amz-checksum-sha256'],
    ExposeHeaders: ['ETag', 'Content-Range'],
    MaxAgeSeconds: CORS_MAX_AGE_SECONDS,
  }
  const CORSConfiguration = { CORSRules: [rule] }
  await ask(() => client.send(new PutBucketCorsCommand({ Bucket: settings.S3_BUCKET, CORSConfiguration })))
}

/** Asks at the store's own address, and at the public one as well where that is another and can be reached from here. */
async function isBucketOpen({ settings, fetch }: Bucket, key: string): Promise<boolean> {
  const { S3_ENDPOINT, S3_PUBLIC_ENDPOINT, S3_BUCKET } = settings
  const probe = (endpoint: string): Promise<boolean> =>
    isOpenToStrangers({ bucketUrl: `${endpoint}/${S3_BUCKET}`, key, fetch })
  if (await ask(() => probe(S3_ENDPOINT))) return true
  if (S3_PUBLIC_ENDPOINT === undefined || S3_PUBLIC_ENDPOINT === S3_ENDPOINT) return false
  // Inside a container the public address is often nobody's: then it cannot be tried, and that proves nothing.
  return probe(S3_PUBLIC_ENDPOINT).catch(() => false)
}

function createStore(bucket: Bucket): ObjectStore {
  const { client, requests } = bucket
  const Bucket = bucket.settings.S3_BUCKET

  const store: ObjectStore = {
    async prepare({ allowedOrigins }) {
      await createBucketIfAbsent(bucket)
      await allowOrigins(bucket, allowedOrigins)
    },

    async allowsAnonymousAccess() {
      const key = `${PROBE_PREFIX}${randomUUID()}`
      const bytes = Buffer.from('Nobody should be able to read this without credentials.')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await store.put({ key, bytes, mimeType: 'text/plain', sha256 })
      try {
        return await isBucketOpen(bucket, key)
      } finally {
        await store.delete(key)
      }
    },

    async put({ key, bytes, mimeType, sha256 }) {
      const headers = { 'content-type': mimeType, ...checksumHeader(sha256) }
      await ask(() => requests.send({ method: 'PUT', key, headers, body: { bytes, sha256 } }))
    },

    async head(key) {
      const headers = { 'x-amz-checksum-mode': 'ENABLED' }
      const head = await ask<S3Answer | undefined>(() => requests.send({ method: 'HEAD', key, headers }), {
        NotFound: undefined,
      })
      if (head !== undefined) return { size: Number(head.headers['content-length']), ...checksumsOf(head) }
      // The answer to HEAD has no body, so a missing bucket looks like a missing object until it is asked for.
      await store.ping()
      return undefined
    },

    async readRange(key, range) {
      assertByteRange(range)
      const headers = { range: `bytes=${range.start}-${range.end}` }
      const read = async (): Promise<Uint8Array | undefined> =>
        (await requests.send({ method: 'GET', key, headers })).bytes
      // A range that begins behind the last byte is an error to S3, and no bytes to us.
      return ask(read, { NoSuchKey: undefined, InvalidRange: new Uint8Array() })
    },

    copy: (objects) => copyS3Object({ client, bucket: Bucket }, objects),

    async delete(key) {
      await ask<unknown>(() => requests.send({ method: 'DELETE', key }), { NoSuchKey: undefined })
    },

    async ping() {
      await ask(() => client.send(new HeadBucketCommand({ Bucket })))
    },
  }
  return store
}

/** Opens the store that these settings name; nothing is sent before its first method is called. */
export function open(
  settings: Readonly<Record<string, string | undefined>>,
  now: () => Date = () => new Date(),
): OpenedObjectStore {
  const parsed = settingsSchema.parse(settings)
  const client = createClient(parsed)
  const scope = {
    region: parsed.S3_REGION,
    bucket: parsed.S3_BUCKET,
    accessKeyId: parsed.S3_ACCESS_KEY_ID,
    secretAccessKey: parsed.S3_SECRET_ACCESS_KEY,
  }
  const requests = createS3Requests({ ...scope, endpoint: parsed.S3_ENDPOINT })
  const endpoint = parsed.S3_PUBLIC_ENDPOINT ?? parsed.S3_ENDPOINT
  const signer = createSigV4UrlSigner({ ...scope, endpoint, now })
  return {
    store: createStore({ client, requests, settings: parsed, fetch: globalThis.fetch }),
    signer,
    multipart: createS3Multipart({ client, bucket: parsed.S3_BUCKET, signer, requests }),
    listing: createS3Listing({ client, bucket: parsed.S3_BUCKET }),
    close: async () => {
      client.destroy()
      await requests.close()
    },
  }
}
