/** S3 without anything in front of it: presigned PUTs over connections that are kept. */

import { randomUUID } from 'node:crypto'
import * as http from 'node:http'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { S3Connection } from '@studio/dev/stack/external-services'
import { expectSame, WrongAnswerError } from './bench-error.ts'
import { sha256Of, type MadeFile } from './made-file.ts'
import { inLanes } from './statistics.ts'

const EXPIRES_SECONDS = 900
const SOCKETS = 64

/** A place that one PUT may fill. Signing is not part of what is timed: it is done beforehand. */
export interface RawTarget {
  readonly key: string
  readonly url: string
}

export interface RawMultipart {
  readonly key: string
  readonly uploadId: string
  readonly partSize: number
  readonly partUrls: readonly string[]
}

export interface RawS3 {
  sign(count: number): Promise<RawTarget[]>
  put(target: RawTarget, file: MadeFile): Promise<void>
  beginMultipart(size: number, partSize: number): Promise<RawMultipart>
  /** Sends the parts, so many at once, and completes. */
  sendMultipart(upload: RawMultipart, file: MadeFile, lanes: number): Promise<void>
  /** Reads an object back and compares. */
  expectStored(key: string, file: MadeFile): Promise<void>
  delete(key: string): Promise<void>
  close(): void
}

/** Opens the bucket that Studio uses; keys lie beside Studio's own. */
export function openRawS3({ endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Connection): RawS3 {
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  const agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS })
  const newKey = () => `bench-raw/${randomUUID()}`
  const lifetime = { expiresIn: EXPIRES_SECONDS }

  return {
    sign: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const key = newKey()
          return {
            key,
            url: await getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key }), lifetime),
          }
        }),
      ),
    put: async ({ url }, { bytes }) => void (await putBytes(agent, url, bytes)),
    async beginMultipart(size, partSize) {
      const address = { Bucket: bucket, Key: newKey() }
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(address))
      if (UploadId === undefined) throw new WrongAnswerError('S3 named no multipart upload')
      const partUrls = await Promise.all(
        Array.from({ length: Math.ceil(size / partSize) }, (_, index) =>
          getSignedUrl(
            client,
            new UploadPartCommand({ ...address, UploadId, PartNumber: index + 1 }),
            lifetime,
          ),
        ),
      )
      return { key: address.Key, uploadId: UploadId, partSize, partUrls }
    },
    async sendMultipart({ key, uploadId, partSize, partUrls }, { bytes }, lanes) {
      const Parts = await inLanes([...partUrls.entries()], {
        lanes,
        work: async ([index, url]) => {
          const part = bytes.subarray(index * partSize, (index + 1) * partSize)
          return { PartNumber: index + 1, ETag: await putBytes(agent, url, part) }
        },
      })
      await client.send(
        new CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      )
    },
    async expectStored(key, file) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
      expectSame('the SHA-256 of a raw object', { is: sha256Of(bytes), should: file.sha256 })
    },
    delete: async (key) => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))),
    close() {
      agent.destroy()
      client.destroy()
    },
  }
}

/** Resolves to the entity tag when S3 has taken the bytes. */
function putBytes(agent: http.Agent, url: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method: 'PUT', agent, headers: { 'content-length': bytes.length } },
      (response) => {
        const { statusCode, headers } = response
        response.on('error', reject)
        response.on('end', () => {
          if (statusCode === 200 && headers.etag !== undefined) resolve(headers.etag)
          else reject(new WrongAnswerError(`S3 answered ${statusCode} to a presigned PUT`))
        })
        response.resume()
      },
    )
    request.on('error', reject)
    request.end(bytes)
  })
}
