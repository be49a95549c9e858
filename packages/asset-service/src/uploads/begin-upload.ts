/** Begins an upload: a row in the registry, and how its bytes are to be sent. */
import type { Actor } from '@studio/contracts/actor'
import { SINGLE_PUT_MAX_BYTES, UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUpload, BegunUpload, DirectTransport, MultipartTransport } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { MultipartObjectStore } from '../ports/object-store.ts'
import type { Ports } from '../ports/ports.ts'
import { admitUpload } from './admit-upload.ts'
import { planParts } from './part-plan.ts'
import { coverNewUrls } from './upload-life.ts'
import { settledAnswer } from './upload-state.ts'

async function inOnePiece(ports: Ports, row: FileRow): Promise<DirectTransport> {
  const { size, sha256, mimeType } = row.request
  if (sha256 === undefined) throw new StudioError('CHECKSUM_REQUIRED')
  await coverNewUrls(ports, row)
  const { url, headers, expiresAt } = ports.signer.signPut({
    key: objectKey(row.fileId),
    expiresInSeconds: UPLOAD_URL_SECONDS,
    mimeType,
    size,
    sha256,
  })
  return { kind: 'direct', method: 'PUT', url, headers, expiresAt: expiresAt.toISOString() }
}

/**
 * A crash between creating and noting leaves a multipart upload that nobody knows, and a request that is repeated beside us
 * creates one too many: ending an upload ends every one of its key.
 */
async function inParts(
  ports: Ports,
  multipart: MultipartObjectStore,
  { fileId, request, multipartId }: FileRow,
): Promise<MultipartTransport> {
  if (multipartId === null) {
    const created = await multipart.create({ key: objectKey(fileId), mimeType: request.mimeType })
    const noted = await ports.registry.noteMultipart(fileId, created)
    if (noted === undefined) throw new StudioError('UPLOAD_ENDED')
  }
  return { kind: 'multipart', ...planParts(request.size) }
}

/** `uploading` with a way to send the bytes, or `ready` when the same request had already finished. */
export async function beginUpload(ports: Ports, actor: Actor, request: BeginUpload): Promise<BegunUpload> {
  const multipart = request.size > SINGLE_PUT_MAX_BYTES ? ports.multipart : undefined
  // Refused before there is a row: without parts nothing but the whole file's checksum can bind a URL to its bytes.
  if (multipart === undefined && request.sha256 === undefined) throw new StudioError('CHECKSUM_REQUIRED')
  const transport = multipart === undefined ? 'direct' : 'multipart'
  const row = await admitUpload(ports, { actor, request, transport })
  const { fileId } = row
  const settled = settledAnswer(row)
  if (settled !== undefined) return { state: 'ready', fileId, file: settled }
  return {
    state: 'uploading',
    fileId,
    transport: multipart === undefined ? await inOnePiece(ports, row) : await inParts(ports, multipart, row),
  }
}
