/** Completes a direct upload: success only when the bytes are there, are the right ones, and the row is committed (P2). */
import type { Actor } from '@studio/contracts/actor'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'
import type { ErrorCode } from '@studio/contracts/error-code'
import type { CompleteUpload, StoredFile } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import { INSPECTED_BYTES } from '../ports/content-inspector.ts'
import type { FileRow, ObservedContent } from '../ports/file-registry.ts'
import { assembleParts } from './assemble-parts.ts'
import { endUpload } from './end-upload.ts'
import { finishUpload } from './finish-upload.ts'
import { observeContent } from './observe-content.ts'
import { findOwnUpload } from './own-upload.ts'
import { settledAnswer } from './upload-state.ts'

async function readHead(ports: Ports, row: FileRow): Promise<Uint8Array> {
  // A range of an empty object is not satisfiable (RFC 9110, section 14.1.2).
  if (row.request.size === 0) return new Uint8Array()
  const head = await ports.store.readRange(objectKey(row.fileId), { start: 0, end: INSPECTED_BYTES - 1 })
  if (head === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
  return head
}

/** The whole file's SHA-256, which S3 checked as the bytes came in. */
async function verifyOnePiece(ports: Ports, row: FileRow): Promise<void> {
  const { request } = row
  const stored = await ports.store.head(objectKey(row.fileId))
  // Absent means that nothing was sent yet, never that it is done.
  if (stored === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
  if (stored.size !== request.size) throw new StudioError('SIZE_MISMATCH')
  if (stored.sha256 !== request.sha256) throw new StudioError('CHECKSUM_MISMATCH')
}

async function verify(ports: Ports, row: FileRow, { partDigests }: CompleteUpload): Promise<ObservedContent> {
  const { request } = row
  let composite: string | undefined
  if (row.transport === 'multipart') composite = await assembleParts(ports, row, partDigests)
  else await verifyOnePiece(ports, row)
  const head = await readHead(ports, row)
  const observed = observeContent({ request, head, inspection: await ports.inspector.inspect(head) })
  return composite === undefined ? observed : { ...observed, compositeSha256: composite }
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
export async function completeUpload(
  ports: Ports,
  actor: Actor,
  request: CompleteUpload,
): Promise<StoredFile> {
  const row = await findOwnUpload(ports, actor, request.fileId)
  const settled = settledAnswer(row)
  if (settled !== undefined) return settled

  let observed: ObservedContent
  try {
    observed = await verify(ports, row, request)
  } catch (thrown) {
    const error = toStudioError(thrown)
    if (!isMendable(row, error)) await endUpload(ports, row, error.code)
    throw error
  }
  return finishUpload(ports, row, observed)
}
