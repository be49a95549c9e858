/** What one request needs to change a tus upload: its row, its progress, its lock, and what this process shares. */
import type { FileId } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { MultipartObjectStore, MultipartReference } from '../ports/object-store.ts'
import type { Ports } from '../ports/ports.ts'
import type { TusAdvance, TusUpload } from '../ports/tus-uploads.ts'
import type { PartBuffers } from './tus-part-buffers.ts'
import { createPartBuffers } from './tus-part-buffers.ts'
import { createTusLocks, type HeldLock, type TusLocks } from './tus-locks.ts'
import { lifeFrom } from './upload-life.ts'
import { endedError } from './upload-state.ts'

/** What all tus requests of one process share. */
export interface TusContext {
  ports: Ports
  locks: TusLocks
  buffers: PartBuffers
}

/** Nothing is held or asked before the first request. */
export function createTusContext(ports: Ports): TusContext {
  return { ports, locks: createTusLocks(ports), buffers: createPartBuffers() }
}

export interface TusSession extends TusContext {
  row: FileRow
  upload: TusUpload
  lock: HeldLock
  multipart: MultipartObjectStore
  reference: MultipartReference
}

/** The upload as it is now. Throws what ended it, or `UPLOAD_NOT_FOUND`. */
export async function openTusSession(
  context: TusContext,
  { fileId, actor }: Pick<FileRow, 'fileId' | 'actor'>,
  lock: HeldLock,
): Promise<TusSession> {
  const { ports } = context
  const [row, upload] = await Promise.all([ports.registry.findUpload(fileId, actor), ports.tus.find(fileId)])
  if (row === undefined || upload === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
  if (row.state === 'expired') throw endedError(row)
  if (row.state !== 'uploading') throw new StudioError('UPLOAD_ALREADY_COMPLETE')
  if (row.multipartId === null || ports.multipart === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
  const reference = { key: objectKey(fileId), multipartId: row.multipartId }
  return { ...context, row, upload, lock, multipart: ports.multipart, reference }
}

/** All bytes are there, and it is known that these are all. */
export function isWhole({ row, upload }: Pick<TusSession, 'row' | 'upload'>): boolean {
  return !upload.isLengthDeferred && upload.receivedBytes === row.request.size
}

/**
 * Makes progress durable, here and in the registry. While the size is open, the project's room is taken as it is used.
 * Throws `UPLOAD_BUSY` when somebody else goes on with this upload by now, or what ended it.
 */
export async function advanceSession(
  session: TusSession,
  change: Omit<TusAdvance, 'from' | 'until'>,
): Promise<void> {
  const { ports, upload, lock, row } = session
  if (upload.isLengthDeferred) await ports.tus.resize(lock, change.to, { isFinal: false })
  const until = lifeFrom(ports.now())
  if (!(await ports.tus.advance(lock, { ...change, from: upload.receivedBytes, until }))) {
    const current = await ports.registry.findUpload(row.fileId, row.actor)
    throw current?.state === 'expired' ? endedError(current) : new StudioError('UPLOAD_BUSY')
  }
  session.upload = {
    ...upload,
    receivedBytes: change.to,
    partDigests: [...upload.partDigests, ...change.newPartDigests],
    segments: [...change.segments],
    sha256: change.sha256 ?? upload.sha256,
  }
}

/** Runs work under the lock of an upload. `undefined` when there is none to lock. */
export async function underLock<T>(
  { locks }: TusContext,
  fileId: FileId,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T | undefined> {
  const lock = await locks.take(fileId)
  if (lock === undefined) return undefined
  try {
    return await work(lock)
  } finally {
    await lock.release()
  }
}
