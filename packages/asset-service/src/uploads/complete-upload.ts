/** Completes a direct upload: success only when the bytes are there, are the right ones, and the row is committed (P2). */
import type { Actor } from '@studio/contracts/actor'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'
import type { ErrorCode } from '@studio/contracts/error-code'
import type { CompleteUpload, StoredFile } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import type { FileRow, ObservedContent } from '../ports/file-registry.ts'
import { assembleParts } from './assemble-parts.ts'
import { endUpload } from './end-upload.ts'
import { finishUpload } from './finish-upload.ts'
import { inspectStored } from './inspect-content.ts'
import { findOwnUpload } from './own-upload.ts'
import { completeTus } from './tus-finish.ts'
import { createTusContext } from './tus-session.ts'
import { settledAnswer } from './upload-state.ts'
import { wholeChecksum } from './whole-checksum.ts'

/** The whole file's SHA-256, which S3 checked as the bytes came in. */
async function verifyOnePiece(ports: Ports, row: FileRow): Promise<void> {
  const { request } = row
  const stored = await ports.store.head(objectKey(row.fileId))
  // Absent means that nothing was sent yet, never that it is done.
  if (stored === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
  if (stored.size !== request.size) throw new StudioError('SIZE_MISMATCH')
  if (stored.sha256 !== request.sha256) throw new StudioError('CHECKSUM_MISMATCH')
}

/** Both at once. What is wrong with size or checksum is said first: what other bytes are is not the question then. */
async function verifyAndInspect(ports: Ports, row: FileRow): Promise<ObservedContent> {
  const [verified, inspected] = await Promise.allSettled([
    verifyOnePiece(ports, row),
    inspectStored(ports, row),
  ])
  if (verified.status === 'rejected') throw verified.reason
  if (inspected.status === 'rejected') throw inspected.reason
  return inspected.value
}

/** What is known of the bytes that were sent, by who has seen them. */
export interface SentBytes {
  /** SHA-256 of each part in order. */
  partDigests?: readonly string[] | undefined
  /** Of the whole file, where this service has computed it. */
  sha256?: string | undefined
}

async function verify(
  ports: Ports,
  row: FileRow,
  { partDigests, sha256 }: SentBytes,
): Promise<ObservedContent> {
  const isInParts = row.transport === 'multipart' || row.transport === 'tus' || row.multipartId !== null
  if (!isInParts) return verifyAndInspect(ports, row)
  const composite = await assembleParts(ports, row, partDigests)
  const observed = await inspectStored(ports, row)
  const readSha256 = row.transport === 'multipart' ? undefined : await wholeChecksum(ports, row, sha256)
  return { ...observed, compositeSha256: composite, readSha256 }
}

/** What the client can mend by sending bytes, or by asking again, leaves the upload as it is. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set([
  'UPLOAD_INCOMPLETE',
  'PARTS_MISMATCH',
  'STORE_UNAVAILABLE',
  'REGISTRY_UNAVAILABLE',
  'INTERNAL',
])

/** A part that is not what the client says can be sent again; an object that is not, cannot. */
function isMendable(row: FileRow, { code }: StudioError): boolean {
  return MENDABLE.has(code) || (row.transport === 'multipart' && code === 'CHECKSUM_MISMATCH')
}

/** Throws what is wrong with the bytes, and then nothing of the upload stays; called again, it answers the same. */
export async function settleUpload(ports: Ports, row: FileRow, sent: SentBytes): Promise<StoredFile> {
  let observed: ObservedContent
  try {
    observed = await verify(ports, row, sent)
  } catch (thrown) {
    const error = toStudioError(thrown)
    if (!isMendable(row, error)) await endUpload(ports, row, error.code)
    throw error
  }
  return finishUpload(ports, row, observed)
}

/** Settles the client's upload; one by tus is settled by what this service has seen of it. */
export async function completeUpload(
  ports: Ports,
  actor: Actor,
  request: CompleteUpload,
): Promise<StoredFile> {
  const row = await findOwnUpload(ports, actor, request.fileId)
  const settled = settledAnswer(row)
  if (settled !== undefined) return settled
  if (row.transport === 'tus') return completeTus(createTusContext(ports), row, settleUpload)
  return settleUpload(ports, row, { partDigests: request.partDigests })
}
