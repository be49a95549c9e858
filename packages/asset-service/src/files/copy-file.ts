/** Copies a file inside the store: a new file with its own id and row, and not a byte through this process. */
import type { Actor } from '@studio/contracts/actor'
import type { ErrorCode } from '@studio/contracts/error-code'
import type { CopyFile } from '@studio/contracts/file-life'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'
import type { BeginUpload, StoredFile } from '@studio/contracts/upload'
import type { FileRow } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'
import { digestObject } from '../reconcile/digest-object.ts'
import { secondsFrom } from '../seconds-from.ts'
import { admitUpload } from '../uploads/admit-upload.ts'
import { endUpload } from '../uploads/end-upload.ts'
import { finishUpload } from '../uploads/finish-upload.ts'
import { lifeFrom } from '../uploads/upload-life.ts'
import { settledAnswer } from '../uploads/upload-state.ts'
import { objectKey } from './object-key.ts'

/** A copy that is not done by then is nobody's: its process died, or its caller did not ask again. */
const LIFE_SECONDS = 60 * 60

/** With these the same request may go on later. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE', 'INTERNAL'])

/** Made from what never changes of the source, so that a repeated request is the same one. */
function requestFor({ request, observed }: FileRow, copy: CopyFile): BeginUpload {
  return {
    idempotencyKey: copy.idempotencyKey,
    name: copy.name ?? request.name,
    mimeType: observed?.mimeType ?? request.mimeType,
    size: request.size,
    ...(request.sha256 !== undefined && { sha256: request.sha256 }),
    usage: copy.usage ?? request.usage,
    ...copy.target,
  }
}

/** A store that knows the SHA-256 of the whole has read every byte of the copy; without it, or without ours, we read. */
async function verifyCopy(ports: Ports, source: FileRow, row: FileRow): Promise<void> {
  const key = objectKey(row.fileId)
  const { size, sha256 = source.observed?.readSha256 } = source.request
  const head = await ports.store.head(key)
  if (head?.size !== size) throw new StudioError('SIZE_MISMATCH')
  if (sha256 !== undefined && head.sha256 !== undefined) {
    if (head.sha256 !== sha256) throw new StudioError('CHECKSUM_MISMATCH')
    return
  }
  const whole = { size, onPiece: async () => undefined }
  const copied = await digestObject(ports, { ...whole, key })
  const composite = source.observed?.compositeSha256
  if (copied !== undefined && (copied.sha256 === sha256 || copied.compositeSha256 === composite)) return
  // A composite over other parts than ours says nothing here: then the source itself is read.
  const original = await digestObject(ports, { ...whole, key: objectKey(source.fileId) })
  if (original === undefined || copied?.sha256 !== original.sha256) throw new StudioError('CHECKSUM_MISMATCH')
}

async function copyBytes(ports: Ports, source: FileRow, row: FileRow): Promise<void> {
  const { size } = source.request
  const objects = { from: objectKey(source.fileId), to: objectKey(row.fileId), size }
  // Purged while it was copied.
  if (!(await ports.store.copy(objects))) throw new StudioError('FILE_NOT_FOUND')
  await verifyCopy(ports, source, row)
}

/** An earlier request's copy is the answer also when its source is gone by now. */
async function findEarlier(ports: Ports, actor: Actor, copy: CopyFile): Promise<StoredFile | undefined> {
  const row = await ports.life.findByKey(copy.idempotencyKey, actor)
  if (row === undefined) return undefined
  if (row.transport !== 'copy' || row.request.projectId !== copy.target.projectId)
    throw new StudioError('IDEMPOTENCY_KEY_REUSED')
  return settledAnswer(row)
}

/**
 * The copy has a life of its own from then on. What it is was seen when its source was stored; that it may be used so, and
 * that the project has room for it, is asked here. Throws `FILE_NOT_FOUND` for a source that is not ready.
 */
export async function copyFile(ports: Ports, actor: Actor, copy: CopyFile): Promise<StoredFile> {
  const earlier = await findEarlier(ports, actor, copy)
  if (earlier !== undefined) return earlier
  const [source] = await ports.registry.findReadable([copy.fileId], actor)
  if (source === undefined || source.observed === null) throw new StudioError('FILE_NOT_FOUND')
  const now = ports.now()
  const life = { ...lifeFrom(now), expiresAt: secondsFrom(now, LIFE_SECONDS) }
  const row = await admitUpload(ports, { actor, request: requestFor(source, copy), transport: 'copy', life })
  const settled = settledAnswer(row)
  if (settled !== undefined) return settled
  try {
    await copyBytes(ports, source, row)
  } catch (thrown) {
    const error = toStudioError(thrown)
    if (!PASSING.has(error.code)) await endUpload(ports, row, error.code)
    throw error
  }
  return finishUpload(ports, row, source.observed)
}
