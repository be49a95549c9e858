/** Copies inside an S3 bucket: the bytes stay in the store, whatever the size. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3'
import { GIB } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { CopyObject } from '../ports/object-store.ts'

/** S3 answers when it has copied, so this is as long as the bytes take. */
const COPIED_WITHIN_MS = 90_000
/** "CopyObject", S3 API Reference; larger objects are copied in parts. */
const ONE_PIECE_MAX_BYTES = 5 * GIB
const PART_BYTES = 1 * GIB
const PARTS_AT_ONCE = 4

const GONE: ReadonlySet<string> = new Set(['NoSuchKey', 'NotFound'])

export interface CopyingBucket {
  client: S3Client
  bucket: string
  /** For tests with less than gigabytes. */
  onePieceMaxBytes?: number
  partBytes?: number
}

function isGone(error: unknown): boolean {
  return error instanceof Error && GONE.has(error.name)
}

/** The store computes the SHA-256 of the whole anew, also where the object came in parts. */
async function copyInOnePiece({ client, bucket }: CopyingBucket, { from, to }: CopyObject): Promise<void> {
  const command = new CopyObjectCommand({
    Bucket: bucket,
    Key: to,
    CopySource: `${bucket}/${from}`,
    ChecksumAlgorithm: 'SHA256',
  })
  await client.send(command, { requestTimeout: COPIED_WITHIN_MS })
}

interface PartedCopy extends CopyObject {
  uploadId: string
  partBytes: number
}

/** Lanes take the next part until there are none; the first failure ends them all. */
async function copyParts({ client, bucket }: CopyingBucket, copy: PartedCopy): Promise<CompletedPart[]> {
  const { from, to, size, uploadId, partBytes } = copy
  const parts: CompletedPart[] = []
  const numbers = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => index + 1).values()
  const lane = async (): Promise<void> => {
    for (const PartNumber of numbers) {
      const start = (PartNumber - 1) * partBytes
      const command = new UploadPartCopyCommand({
        Bucket: bucket,
        Key: to,
        UploadId: uploadId,
        PartNumber,
        CopySource: `${bucket}/${from}`,
        CopySourceRange: `bytes=${start}-${Math.min(start + partBytes, size) - 1}`,
      })
      const { CopyPartResult } = await client.send(command, { requestTimeout: COPIED_WITHIN_MS })
      parts.push({ PartNumber, ETag: CopyPartResult?.ETag })
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, lane))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return parts.toSorted((one, other) => (one.PartNumber ?? 0) - (other.PartNumber ?? 0))
}

/**
 * Without SHA-256 of parts: versitygw 1.8.0 gives a copied part the checksum of the whole object that it comes from. Who
 * copies has to compare the bytes. A crash leaves a multipart upload under the copy's key, which ends with its row.
 */
async function copyInParts(copying: CopyingBucket, objects: CopyObject): Promise<void> {
  const { client, bucket, partBytes = PART_BYTES } = copying
  const target = { Bucket: bucket, Key: objects.to }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  if (UploadId === undefined) throw new StudioError('STORE_UNAVAILABLE')
  try {
    const Parts = await copyParts(copying, { ...objects, uploadId: UploadId, partBytes })
    const command = new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } })
    await client.send(command, { requestTimeout: COPIED_WITHIN_MS })
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined)
    throw error
  }
}

/** `false` when there is no such object. */
export async function copyS3Object(copying: CopyingBucket, objects: CopyObject): Promise<boolean> {
  const { onePieceMaxBytes = ONE_PIECE_MAX_BYTES } = copying
  try {
    await (objects.size > onePieceMaxBytes ? copyInParts : copyInOnePiece)(copying, objects)
    return true
  } catch (cause) {
    if (isGone(cause)) return false
    throw cause instanceof StudioError ? cause : new StudioError('STORE_UNAVAILABLE', { cause })
  }
}
