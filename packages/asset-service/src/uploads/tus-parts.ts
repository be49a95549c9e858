/** Turns received bytes into parts of the store's multipart upload, and the rest into segments that outlive the request. */
import { createHash } from 'node:crypto'
import { StudioError } from '@studio/contracts/studio-error'
import { segmentKey } from '../files/object-key.ts'
import type { TusSegment } from '../ports/tus-uploads.ts'
import type { TusSession } from './tus-session.ts'

/** What a segment is to the store: bytes that nobody is ever shown. */
const SEGMENT_TYPE = 'application/octet-stream'

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Reads segments of one part to the beginning of the buffer. Resolves to how many bytes they are. */
export async function readSegments(
  { ports, row }: TusSession,
  segments: readonly TusSegment[],
  buffer: Buffer,
): Promise<number> {
  let filled = 0
  for (const segment of segments) {
    const key = segmentKey(row.fileId, segment)
    const bytes = await ports.store.readRange(key, { start: 0, end: segment.size - 1 })
    if (bytes?.byteLength !== segment.size)
      throw new StudioError('STORE_UNAVAILABLE', { cause: `${key} has not its ${segment.size} bytes` })
    buffer.set(bytes, filled)
    filled += segment.size
  }
  return filled
}

/** Sends one part. Resolves to its SHA-256. Throws `UPLOAD_ENDED` when the store's multipart upload is gone. */
export async function sendPart(
  { multipart, reference }: TusSession,
  partNumber: number,
  bytes: Uint8Array,
): Promise<string> {
  const sha256 = sha256Of(bytes)
  const part = await multipart.putPart({ ...reference, partNumber, bytes, sha256 })
  if (part === undefined) throw new StudioError('UPLOAD_ENDED')
  return sha256
}

/** Keeps bytes that fill no part. It counts only once the registry knows of it. */
export async function writeSegment(
  { ports, row, lock }: TusSession,
  start: number,
  bytes: Uint8Array,
): Promise<TusSegment> {
  const segment = { start, size: bytes.byteLength, token: lock.token }
  const key = segmentKey(row.fileId, segment)
  await ports.store.put({ key, bytes, mimeType: SEGMENT_TYPE, sha256: sha256Of(bytes) })
  return segment
}

/** What is left when this fails is removed with the upload's end, whichever that is. */
export async function deleteSegments(
  { ports, row }: TusSession,
  segments: readonly TusSegment[],
): Promise<void> {
  for (const segment of segments) {
    try {
      await ports.store.delete(segmentKey(row.fileId, segment))
    } catch (error) {
      ports.onBackgroundError(error, `deleting a segment of upload ${row.fileId}`)
    }
  }
}
