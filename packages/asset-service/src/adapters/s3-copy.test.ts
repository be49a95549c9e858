/** Copies in parts, as objects above 5 GiB are copied; those in one piece are tried by the store's conformance suite. */
import { createHash, randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type {} from '@studio/dev/testing/global-s3'
import { MIB } from '@studio/contracts/limits'
import { copyS3Object, type CopyingBucket } from './s3-copy.ts'

let copying: CopyingBucket
beforeAll(async () => {
  const { endpoint, region, accessKeyId, secretAccessKey } = inject('testS3')
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  const bucket = `test-${crypto.randomUUID()}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  copying = { client, bucket, onePieceMaxBytes: MIB, partBytes: 5 * MIB }
})
afterAll(() => copying.client.destroy())

const leftovers = async () =>
  (await copying.client.send(new ListMultipartUploadsCommand({ Bucket: copying.bucket }))).Uploads ?? []

test('a large object is the same after it was copied in parts, the last of them shorter', async () => {
  const { client, bucket } = copying
  const bytes = randomBytes(12 * MIB + 7)
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'from', Body: bytes }))
  expect(await copyS3Object(copying, { from: 'from', to: 'to', size: bytes.length })).toBe(true)
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'to' }))
  const copied = (await Body?.transformToByteArray()) ?? new Uint8Array()
  const sha256Of = (some: Uint8Array): string => createHash('sha256').update(some).digest('hex')
  expect(sha256Of(copied)).toBe(sha256Of(bytes))
  expect(await leftovers()).toEqual([])
})

test('a large object that is not there leaves no parts behind', async () => {
  expect(await copyS3Object(copying, { from: 'nothing', to: 'to2', size: 12 * MIB })).toBe(false)
  expect(await leftovers()).toEqual([])
})
