/** Cancels an upload and frees its space. */
import type { Actor } from '@studio/contracts/actor'
import { StudioError } from '@studio/contracts/studio-error'
import type { AbortedUpload, UploadReference } from '@studio/contracts/upload'
import type { Ports } from '../ports/ports.ts'
import { endUpload } from './end-upload.ts'
import { findOwnUpload } from './own-upload.ts'

/** Answers the same when it is called again; throws `UPLOAD_ALREADY_COMPLETE` when the file is stored. */
export async function abortUpload(
  ports: Ports,
  actor: Actor,
  reference: UploadReference,
): Promise<AbortedUpload> {
  const { fileId } = reference
  const row = await findOwnUpload(ports, actor, fileId)
  if (row.state !== 'expired' && !(await endUpload(ports, row, 'aborted'))) {
    // Between our look and our change it was completed, or ended by another request.
    const current = await ports.registry.findUpload(fileId, actor)
    if (current?.state !== 'expired') throw new StudioError('UPLOAD_ALREADY_COMPLETE')
  }
  return { fileId, state: 'expired' }
}
