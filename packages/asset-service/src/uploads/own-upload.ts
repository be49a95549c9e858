/** Finds the upload that a request is about. */
import type { Actor } from '@studio/contracts/actor'
import type { FileId } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import type { FileRow } from '../ports/file-registry.ts'
import type { MultipartObjectStore, MultipartReference } from '../ports/object-store.ts'
import type { Ports } from '../ports/ports.ts'
import { objectKey } from '../files/object-key.ts'
import { endedError } from './upload-state.ts'

/** Throws `UPLOAD_NOT_FOUND` for an unknown id and for someone else's alike. */
export async function findOwnUpload(ports: Ports, actor: Actor, fileId: FileId): Promise<FileRow> {
  const row = await ports.registry.findUpload(fileId, actor)
  if (row === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
  return row
}

/** An upload in parts that is under way, with the store that holds them. */
export interface MultipartUpload {
  row: FileRow
  multipart: MultipartObjectStore
  reference: MultipartReference
}

/** Throws `UPLOAD_NOT_FOUND` for an upload that is not in parts, and what ended it for one that is over. */
export function asMultipart(ports: Ports, row: FileRow): MultipartUpload {
  const { multipart } = ports
  if (row.state === 'expired') throw endedError(row)
  if (row.state === 'ready') throw new StudioError('UPLOAD_ALREADY_COMPLETE')
  if (row.multipartId === null || multipart === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
  return { row, multipart, reference: { key: objectKey(row.fileId), multipartId: row.multipartId } }
}
