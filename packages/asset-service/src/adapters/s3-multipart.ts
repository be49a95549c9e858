/** Multipart uploads of an S3 bucket, each part checked by S3 against its SHA-256. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { StudioError } from '@studio/contracts/studio-error'
import type { MultipartObjectStore, MultipartReference, UploadedPart } from '../ports/object-store.ts'
import { checksumHeader, isChecksumRefusal } from './s3-checksum.ts'
import type { S3Requests } from './s3-requests.ts'
import type { SigV4UrlSigner } from './sigv4-url-signer.ts'

export interface S3MultipartOptions {
  client: S3Client
  bucket: string
  signer: SigV4UrlSigner
  requests: S3Requests
}

const GONE = Symbol('no such multipart upload')

/** `NoSuchUpload` is an answer; everything else that fails is the store not answering. */
async function ask<T>(request: () => Promise<T>): Promise<T | typeof GONE> {
  try {
    return await request()
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'NoSuchUpload') return GONE
    throw new StudioError(isChecksumRefusal(cause) ? 'CHECKSUM_MISMATCH' : 'STORE_UNAVAILABLE', { cause })
  }
}

const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')
const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

/** By `IsTruncated`, not by the SDK's paginator: some servers name a next marker on the last page too, for ever. */
async function readParts({ client, bucket }: S3MultipartOptions, { key, multipartId }: MultipartReference) {
  const parts: UploadedPart[] = []
  let from: { PartNumberMarker?: string | undefined } = {}
  for (;;) {
    const command = new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: multipartId, ...from })
    const page = await client.send(command)
    for (const { PartNumber, Size, ETag, ChecksumSHA256 } of page.Parts ?? []) {
      // A part without its checksum was not sent through one of our URLs.
      if (PartNumber === undefined || ETag === undefined || ChecksumSHA256 === undefined) continue
      parts.push({ partNumber: PartNumber, size: Size ?? 0, etag: ETag, sha256: hexOf(ChecksumSHA256) })
    }
    if (page.IsTruncated !== true) return parts
    from = { PartNumberMarker: page.NextPartNumberMarker }
  }
}

/** S3 lists by prefix, so a neighbour whose key begins like ours is listed too, and left alone. */
async function listMultipartIds({ client, bucket }: S3MultipartOptions, key: string): Promise<string[]> {
  const ids: string[] = []
  let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {}
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key, ...from }))
    for (const { Key, UploadId } of page.Uploads ?? []) {
      if (Key === key && UploadId !== undefined) ids.push(UploadId)
    }
    if (page.IsTruncated !== true) return ids
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
  }
}

/** Multipart uploads of one bucket. */
export function createS3Multipart(options: S3MultipartOptions): MultipartObjectStore {
  const { client, bucket, signer, requests } = options
  return {
    async create({ key, mimeType }) {
      const command = new CreateMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        ContentType: mimeType,
        ChecksumAlgorithm: 'SHA256',
        ChecksumType: 'COMPOSITE',
      })
      const created = await ask(() => client.send(command))
      if (created === GONE || created.UploadId === undefined) throw new StudioError('STORE_UNAVAILABLE')
      return created.UploadId
    },

    async putPart({ key, multipartId, partNumber, bytes, sha256 }) {
      const query = { partNumber: String(partNumber), uploadId: multipartId }
      const headers = checksumHeader(sha256)
      const body = { bytes, sha256 }
      const answer = await ask(() => requests.send({ method: 'PUT', key, query, headers, body }))
      if (answer === GONE) return undefined
      const etag = answer.headers['etag']
      if (etag === undefined) throw new StudioError('STORE_UNAVAILABLE')
      return { partNumber, size: bytes.length, sha256, etag }
    },

    async listParts(reference) {
      const parts = await ask(() => readParts(options, reference))
      return parts === GONE ? undefined : parts
    },

    async assemble({ key, multipartId }, parts) {
      const command = new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        UploadId: multipartId,
        MultipartUpload: {
          Parts: parts.map(({ partNumber, etag, sha256 }) => ({
            PartNumber: partNumber,
            ETag: etag,
            ChecksumSHA256: base64Of(sha256),
          })),
        },
      })
      return (await ask(() => client.send(command))) !== GONE
    },

    async abortAll(key) {
      const ids = await ask(() => listMultipartIds(options, key))
      if (ids === GONE) return
      for (const UploadId of ids) {
        const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId })
        await ask(() => client.send(command))
      }
    },

    async abort({ key, multipartId }) {
      const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: multipartId })
      await ask<unknown>(() => client.send(command))
    },

    signPart: (part) => signer.signPart(part),
  }
}
