/** Completes a direct upload: success only when the bytes are there, are the right ones, and the row is committed (P2). */
import type { Actor } from '@studio/contracts/actor'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'
import type { StoredFile, UploadReference } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import { INSPECTED_BYTES } from '../ports/content-inspector.ts'
import type { FileRow, ObservedContent } from '../ports/file-registry.ts'
import { endUpload } from './end-upload.ts'
import { finishUpload } from './finish-upload.ts'
import { observeContent } from './observe-content.ts'
import { settledAnswer } from './upload-state.ts'

async function readHead(ports: Ports, row: FileRow): Promise<Uint8Array> {
  // A range of an empty object is not satisfiable (RFC 9110, section 14.1.2).
  if (row.request.size === 0) return new Uint8Array()
  const head = await ports.store.readRange(objectKey(row.fileId), { start: 0, end: INSPECTED_BYTES - 1 })
  if (head === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
  return head
}

async function verify(ports: Ports, row: FileRow): Promise<ObservedContent> {
  const { request } = row
  const stored = await ports.store.head(objectKey(row.fileId))
  // Absent means that nothing was sent yet, never that it is done.
  if (stored === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
  if (stored.size !== request.size) throw new StudioError('SIZE_MISMATCH')
  if (stored.sha256 !== request.sha256) throw new StudioError('CHECKSUM_MISMATCH')
  const head = await readHead(ports, row)
  return observeContent({ request, head, inspection: await ports.inspector.inspect(head) })
}

/** May the client mend this by sending the bytes or asking again? Then the upload stays as it is. */
function isMendable(error: StudioError): boolean {
  return error.code === 'UPLOAD_INCOMPLETE' || error.code === 'STORE_UNAVAILABLE' || error.code === 'INTERNAL'
}

/** Throws what is wrong with the bytes, and then nothing of the upload stays; called again, it answers the same. */
export async function completeUpload(
  ports: Ports,
  actor: Actor,
  reference: UploadReference,
): Promise<StoredFile> {
  const row = await ports.registry.findUpload(reference.fileId, actor)
  if (row === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
  const settled = settledAnswer(row)
  if (settled !== undefined) return settled

  let observed: ObservedContent
  try {
    observed = await verify(ports, row)
  } catch (thrown) {
    const error = toStudioError(thrown)
    if (!isMendable(error)) await endUpload(ports, row, error.code)
    throw error
  }
  return finishUpload(ports, row, observed)
}
