/** Brings a large file from its source into the store, part by part, with one part in memory. */
import { createHash } from 'node:crypto'
import { MIB } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { fileTooLarge } from '@studio/contracts/usage-limits'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { OpenedSource } from '../ports/http-source.ts'
import type { MultipartObjectStore, MultipartReference } from '../ports/object-store.ts'
import type { Ports } from '../ports/ports.ts'
import { secondsFrom } from '../seconds-from.ts'
import { settleUpload } from '../uploads/complete-upload.ts'
import { planParts } from '../uploads/part-plan.ts'
import { lifeFrom, type UploadLife } from '../uploads/upload-life.ts'

/** Longer than a source may stand still, a part takes to be stored, and a restart of the registry lasts. */
const LEASE_SECONDS = 180
const RENEW_AFTER_SECONDS = 30
/** Room in the quota is taken up in such steps. */
const AHEAD_BYTES = 64 * MIB

/** The lease of whoever imports from now on. */
export function importLife(now: Date): UploadLife {
  return { ...lifeFrom(now), expiresAt: secondsFrom(now, LEASE_SECONDS) }
}

export interface PartedImport {
  row: FileRow
  source: OpenedSource
  multipart: MultipartObjectStore
  /** Up to here a file may grow whose size nobody told; below what parts of the smallest size suffice for. */
  maxBytes: number
}

/** Cuts what comes into parts of one size, the last as long as what is left; each is valid until the next is asked for. */
async function* cutIntoParts(
  partSize: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const part = Buffer.allocUnsafe(partSize)
  let filled = 0
  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length;) {
      const piece = chunk.subarray(taken, taken + partSize - filled)
      part.set(piece, filled)
      filled += piece.length
      taken += piece.length
      if (filled < partSize) continue
      yield part
      filled = 0
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
}

async function beginParts(ports: Ports, { row, multipart }: PartedImport): Promise<MultipartReference> {
  const key = objectKey(row.fileId)
  const created = await multipart.create({ key, mimeType: row.request.mimeType })
  const multipartId = await ports.registry.noteMultipart(row.fileId, created)
  if (multipartId === undefined) throw new StudioError('UPLOAD_ENDED')
  return { key, multipartId }
}

/** Renews the lease now and then, with each piece that comes. */
async function* renewing(ports: Ports, { row, source }: PartedImport): AsyncGenerator<Uint8Array> {
  let renewAt = secondsFrom(ports.now(), RENEW_AFTER_SECONDS)
  for await (const chunk of source.body) {
    const now = ports.now()
    if (now >= renewAt) {
      await ports.registry.extend(row.fileId, importLife(now))
      renewAt = secondsFrom(now, RENEW_AFTER_SECONDS)
    }
    yield chunk
  }
}

/** Of a file whose size nobody told, the row's size is room that is taken up ahead, and set right at the end. */
async function takeUp(ports: Ports, { row, maxBytes }: PartedImport, size: number): Promise<FileRow> {
  if (size > maxBytes) throw fileTooLarge(row.request.usage, maxBytes)
  const grown = await ports.registry.growReservation(row.fileId, size)
  if (grown === undefined) throw new StudioError('QUOTA_EXCEEDED')
  return grown
}

/** The file is stored when this resolves. Throws what is wrong, with the upload as it is then. */
export async function importInParts(ports: Ports, parted: PartedImport): Promise<void> {
  const { multipart, source } = parted
  let { row } = parted
  const isOpenEnded = source.size === undefined
  const reference = await beginParts(ports, parted)
  const whole = createHash('sha256')
  const partDigests: string[] = []
  let size = 0
  const { partSize } = planParts(source.size ?? parted.maxBytes)
  for await (const bytes of cutIntoParts(partSize, renewing(ports, parted))) {
    size += bytes.length
    if (isOpenEnded && size > row.request.size)
      row = await takeUp(ports, parted, Math.max(size, Math.min(size + AHEAD_BYTES, parted.maxBytes)))
    whole.update(bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const partNumber = partDigests.length + 1
    const sent = await multipart.putPart({ ...reference, partNumber, bytes, sha256 })
    // Aborted by whoever began it, or expired.
    if (sent === undefined) throw new StudioError('UPLOAD_ENDED')
    partDigests.push(sha256)
  }
  if (isOpenEnded && size !== row.request.size) row = await takeUp(ports, parted, size)
  const { multipartId } = reference
  await settleUpload(ports, { ...row, multipartId }, { partDigests, sha256: whole.digest('hex') })
}
