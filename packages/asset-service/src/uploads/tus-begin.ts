/** Begins a tus upload: the same row as any other transport's, a multipart upload in the store, and its progress at 0. */
import type { Actor } from '@studio/contracts/actor'
import { TUS_MAX_BYTES } from '@studio/contracts/limits'
import { TUS_PATH } from '@studio/contracts/tus'
import { StudioError } from '@studio/contracts/studio-error'
import { requireUsageSize } from '@studio/contracts/usage-limits'
import type { BeginUpload, TusTransport } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'
import type { NewTusUpload } from '../ports/tus-uploads.ts'
import { admitUpload } from './admit-upload.ts'

export interface BeginTus {
  request: BeginUpload
  details: Omit<NewTusUpload, 'fileId'>
}

/** For a row that is there. May be repeated, whatever died in between; nothing happens when the upload is over. */
export async function prepareTus(
  ports: Ports,
  row: FileRow,
  details: Omit<NewTusUpload, 'fileId'>,
): Promise<void> {
  const { fileId, multipartId, request, state } = row
  const { multipart } = ports
  if (state !== 'uploading') return
  if (multipart === undefined)
    throw new StudioError('STORE_UNAVAILABLE', { cause: 'tus needs a store with multipart uploads' })
  if (multipartId === null) {
    const created = await multipart.create({ key: objectKey(fileId), mimeType: request.mimeType })
    const noted = await ports.registry.noteMultipart(fileId, created)
    if (noted === undefined) throw new StudioError('UPLOAD_ENDED')
  }
  await ports.tus.create({ ...details, fileId })
}

/** A new upload, as a plain tus client begins it. */
export async function beginTus(ports: Ports, actor: Actor, { request, details }: BeginTus): Promise<FileRow> {
  requireUsageSize(request, TUS_MAX_BYTES)
  const row = await admitUpload(ports, { actor, request, transport: 'tus' })
  await prepareTus(ports, row, details)
  return row
}

/** Of an upload that `begin` began: the client sends it to this address, and needs no other request. */
export async function relayed(ports: Ports, row: FileRow): Promise<TusTransport> {
  await prepareTus(ports, row, { isLengthDeferred: false, concat: null, uploadMetadata: null })
  return { kind: 'tus', url: tusAddress(row) }
}

/** Relative, so that it is right at every origin that passes it on. */
export function tusAddress({ fileId }: Pick<FileRow, 'fileId'>): string {
  return `${TUS_PATH}/${fileId}`
}
