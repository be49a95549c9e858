/** Begins an upload: a row in the registry, and how its bytes are to be sent. */
import type { Actor } from '@studio/contracts/actor'
import { SINGLE_PUT_MAX_BYTES, TUS_MAX_BYTES, UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { requireUsageSize } from '@studio/contracts/usage-limits'
import type {
  BeginUpload,
  BegunUpload,
  DirectTransport,
  MultipartTransport,
  Transport,
} from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { MultipartObjectStore } from '../ports/object-store.ts'
import type { Ports } from '../ports/ports.ts'
import { admitUpload } from './admit-upload.ts'
import { planParts } from './part-plan.ts'
import { relayed } from './tus-begin.ts'
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

/** Refuses what no transport takes before there is a row. */
function transportFor(ports: Ports, request: BeginUpload): FileRow['transport'] {
  const { size, sha256 } = request
  if (ports.uploadTransport === 'relay') {
    requireUsageSize(request, TUS_MAX_BYTES)
    return 'tus'
  }
  if (size > SINGLE_PUT_MAX_BYTES && ports.multipart !== undefined) return 'multipart'
  // Without parts nothing but the whole file's checksum can bind a URL to its bytes.
  if (sha256 === undefined) throw new StudioError('CHECKSUM_REQUIRED')
  return 'direct'
}

/** By the row and not by today's settings: an upload goes on the way it began. */
function wayOf(ports: Ports, row: FileRow): Promise<Transport> {
  if (row.transport === 'tus') return relayed(ports, row)
  if (row.transport === 'multipart' && ports.multipart !== undefined)
    return inParts(ports, ports.multipart, row)
  return inOnePiece(ports, row)
}

/** `uploading` with a way to send the bytes, or `ready` when the same request had already finished. */
export async function beginUpload(ports: Ports, actor: Actor, request: BeginUpload): Promise<BegunUpload> {
  const transport = transportFor(ports, request)
  const row = await admitUpload(ports, { actor, request, transport })
  const { fileId } = row
  const settled = settledAnswer(row)
  if (settled !== undefined) return { state: 'ready', fileId, file: settled }
  return { state: 'uploading', fileId, transport: await wayOf(ports, row) }
}
