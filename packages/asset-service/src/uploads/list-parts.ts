/** Lists the parts that the store has confirmed, so that a resumed upload sends only the others. */
import type { Actor } from '@studio/contracts/actor'
import { StudioError } from '@studio/contracts/studio-error'
import type { UploadedParts, UploadReference } from '@studio/contracts/upload'
import type { Ports } from '../ports/ports.ts'
import { endUpload } from './end-upload.ts'
import { asMultipart, findOwnUpload } from './own-upload.ts'

/**
 * The store is asked, never remembered: what it lists is there. An upload that it does not know any more is assembled if the
 * object is there; if not, its parts are lost, and so is the upload: `UPLOAD_ENDED`.
 */
export async function listParts(
  ports: Ports,
  actor: Actor,
  { fileId }: UploadReference,
): Promise<UploadedParts> {
  const { row, multipart, reference } = asMultipart(ports, await findOwnUpload(ports, actor, fileId))
  const parts = await multipart.listParts(reference)
  if (parts !== undefined) {
    return { parts: parts.map(({ partNumber, size, sha256 }) => ({ partNumber, size, sha256 })) }
  }
  if ((await ports.store.head(reference.key)) !== undefined) return { assembled: true, parts: [] }
  await endUpload(ports, row, 'overdue')
  throw new StudioError('UPLOAD_ENDED')
}
