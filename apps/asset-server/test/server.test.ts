/** The Asset Service over HTTP: who gets in, what errors look like, when it refuses to start. */
import { createHash } from 'node:crypto'
import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createAssetServiceClient, type AssetServiceClient } from '@studio/asset-service/client'
import { newFileId } from '@studio/asset-service/new-file-id'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import { INLINE_MAX_BYTES } from '@studio/contracts/limits'
import { readWireError } from '@studio/contracts/studio-error'
import { encodeInlineUpload } from '@studio/contracts/inline-upload'
import type { BeginUpload } from '@studio/contracts/upload'
import { startTestPocketBase } from '@studio/dev/testing/test-pocketbase'
import { readEnv } from '../src/env.ts'
import { startAssetServer, type RunningAssetServer } from '../src/start.ts'
import { createTestEnvironment, type Variables } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'

let issuer: TestIssuer
let studio: TestStudio
let variables: Variables
let server: RunningAssetServer
beforeAll(async () => {
  issuer = await startTestIssuer()
  studio = await createTestStudio()
  variables = await createTestEnvironment(issuer)
  server = await startAssetServer(readEnv(variables))
})
afterAll(async () => {
  await server.stop()
  await issuer.close()
})

const BYTES = new Uint8Array(new TextEncoder().encode('Northern lights over the fjord.'))

function requestFor(bytes: Uint8Array, project: TestStudio = studio): BeginUpload {
  return {
    idempotencyKey: crypto.randomUUID(),
    name: 'notes.txt',
    mimeType: 'text/plain',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    usage: 'attachment',
    projectId: project.projectId,
  }
}

function clientWith(authorization: string | undefined, url = server.url): AssetServiceClient {
  return createAssetServiceClient({
    url,
    headers: async () => ({
      ...(authorization === undefined ? {} : { authorization }),
      'x-request-id': 'test-request',
    }),
  })
}

const asMember = async (): Promise<AssetServiceClient> =>
  clientWith(`Bearer ${await issuer.sign(studio.userId)}`)
const wireErrorOf = (request: Promise<unknown>) =>
  request.then(
    () => 'no error',
    (error: unknown) => readWireError(error),
  )

describe('a caller', () => {
  test('with a valid token uploads and gets a URL', async () => {
    const client = await asMember()
    const stored = await client.uploads.putInline.mutate(encodeInlineUpload(requestFor(BYTES), BYTES))
    const { items } = await client.delivery.resolveUrls.query({ items: [{ fileId: stored.fileId }] })
    expect(items).toMatchObject([{ status: 'ok', fileId: stored.fileId }])
  })

  const stranger = async () => {
    const other = await startTestIssuer()
    const token = await other.sign(studio.userId)
    await other.close()
    return `Bearer ${token}`
  }
  const bearer = async (change: Parameters<TestIssuer['sign']>[1]) =>
    `Bearer ${await issuer.sign('someone', change)}`
  const unsigned = async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `Bearer ${part({ alg: 'none' })}.${part({ iss: issuer.issuer, sub: 'x', aud: 'asset-service' })}.`
  }
  test.each<[string, () => Promise<string | undefined>, string]>([
    ['without a token', async () => undefined, 'UNAUTHENTICATED'],
    ['with something that is no token', async () => 'Bearer nonsense', 'UNAUTHENTICATED'],
    ['with another scheme', async () => 'Basic YTpi', 'UNAUTHENTICATED'],
    ['with an unsigned token', unsigned, 'UNAUTHENTICATED'],
    ['of an issuer that is not trusted', stranger, 'UNAUTHENTICATED'],
    ['with an expired token', () => bearer({ exp: 1_000_000_000 }), 'UNAUTHENTICATED'],
    ['with a token that never expires', () => bearer({ exp: undefined }), 'UNAUTHENTICATED'],
    ['with a token for another audience', () => bearer({ aud: 'bff' }), 'UNAUTHENTICATED'],
    ['without the scope', () => bearer({ scope: 'files:read' }), 'FORBIDDEN'],
  ])('%s is refused', async (_name, authorization, code) => {
    const client = clientWith(await authorization())
    const error = await wireErrorOf(client.uploads.abort.mutate({ fileId: newFileId() }))
    expect(error).toMatchObject({ code, requestId: 'test-request' })
  })
})

describe('an answer', () => {
  test('to bad input names the field, and carries no stack', async () => {
    const response = await fetch(`${server.url}/trpc/uploads.begin`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await issuer.sign('x')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...requestFor(BYTES), name: '../../etc/passwd' }),
    })
    const text = await response.text()
    expect(response.status).toBe(400)
    expect(text).toContain('VALIDATION_FAILED')
    expect(text).toContain('name: A name has no slashes')
    expect(text).not.toMatch(/stack|node_modules|\.ts/)
  })

  test('to a body over the limit that does not say its length is FILE_TOO_LARGE', async () => {
    const chunk = new Uint8Array(64 * 1024)
    let left = INLINE_MAX_BYTES * 2
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return controller.close()
        left -= chunk.length
        controller.enqueue(chunk)
      },
    })
    const response = await fetch(`${server.url}/trpc/uploads.putInline`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await issuer.sign('x')}`,
        'content-type': 'application/octet-stream',
      },
      body,
      duplex: 'half',
    })
    expect(response.status).toBe(413)
  })

  test('says that it is alive and ready', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })
})

describe('with PocketBase away', () => {
  test('an upload is acknowledged as stored, and its record appears by itself after PocketBase is back', async () => {
    const pocketbase = await startTestPocketBase()
    const away = await createTestStudio(pocketbase.url)
    const own = { ...(await createTestEnvironment(issuer)), POCKETBASE_URL: pocketbase.url }
    const elsewhere = await startAssetServer(readEnv(own))
    try {
      const client = clientWith(`Bearer ${await issuer.sign(away.userId)}`, elsewhere.url)
      await pocketbase.stop()
      const request = requestFor(BYTES, away)
      const stored = await client.uploads.putInline.mutate(encodeInlineUpload(request, BYTES))
      expect(stored.record).toBe('pending')
      const { items } = await client.delivery.resolveUrls.query({ items: [{ fileId: stored.fileId }] })
      expect(items).toMatchObject([{ status: 'ok' }])
      await pocketbase.start()
      await expect
        .poll(() => away.findRecord(stored.fileId), { timeout: 30_000, interval: 200 })
        .toMatchObject({ sha256: request.sha256 })
      const again = await client.uploads.putInline.mutate(encodeInlineUpload(request, BYTES))
      expect(again.fileId).toBe(stored.fileId)
      await expect
        .poll(async () => (await client.uploads.complete.mutate({ fileId: stored.fileId })).record)
        .toBe('written')
    } finally {
      await elsewhere.stop()
      await pocketbase.dispose()
    }
  })
})

describe('the service refuses to start', () => {
  test('when the object store answers an anonymous read', async () => {
    const s3 = inject('testS3')
    const own = await createTestEnvironment(issuer)
    const first = await startAssetServer(readEnv(own))
    await first.stop()
    const client = new S3Client({
      endpoint: s3.endpoint,
      region: s3.region,
      forcePathStyle: true,
      credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
    })
    const bucket = own['S3_BUCKET'] ?? ''
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: ['s3:GetObject'],
      Resource: [`arn:aws:s3:::${bucket}/*`],
    }
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }))
    await expect(startAssetServer(readEnv(own))).rejects.toThrow(/anonymous/)
    client.destroy()
  })

  test('without its variables, naming each and repeating no value', () => {
    const { DATABASE_URL: _missing, ...rest } = variables
    const read = () => readEnv({ ...rest, POCKETBASE_URL: 'secret-in-the-wrong-place' })
    expect(read).toThrow(/DATABASE_URL/)
    expect(read).toThrow(/POCKETBASE_URL/)
    expect(read).not.toThrow(/secret-in-the-wrong-place/)
  })
})
