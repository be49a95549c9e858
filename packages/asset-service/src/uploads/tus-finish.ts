/** What happens with the last byte: the server itself completes the upload, so that "all of it is there" is never said too early. */
import { StudioError } from '@studio/contracts/studio-error'
import type { StoredFile } from '@studio/contracts/upload'
import type { FileRow } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'
import { assembleParts } from './assemble-parts.ts'
import { removeSegments } from './end-upload.ts'
import { planParts } from './part-plan.ts'
import { deleteSegments, readSegments, sendPart } from './tus-parts.ts'
import { advanceSession, isWhole, openTusSession, underLock } from './tus-session.ts'
import type { TusContext, TusSession } from './tus-session.ts'
import { settledAnswer } from './upload-state.ts'

/** How every transport's bytes are verified and committed. */
export type Settle = (
  ports: Ports,
  row: FileRow,
  sent: { partDigests: readonly string[]; sha256: string | undefined },
) => Promise<StoredFile>

/** A crash, or a length that was declared late, can leave the last part in segments. An empty file has one empty part. */
async function sendLastPart(session: TusSession): Promise<void> {
  const { upload, row, buffers, lock } = session
  const { partDigests, segments } = upload
  if (partDigests.length >= planParts(row.request.size).partCount) return
  const buffer = await buffers.take(lock.signal)
  try {
    const filled = await readSegments(session, segments, buffer)
    const digest = await sendPart(session, partDigests.length + 1, buffer.subarray(0, filled))
    await advanceSession(session, { to: upload.receivedBytes, newPartDigests: [digest], segments: [] })
  } finally {
    buffers.give(buffer)
  }
  await deleteSegments(session, segments)
}

/**
 * Completes an upload whose bytes are all there. May be repeated after a crash anywhere. A piece of a file to come is
 * assembled only: it never becomes a file. Throws what is wrong with the bytes, and then the upload has ended.
 */
export async function finishTus(session: TusSession, settle: Settle): Promise<StoredFile | undefined> {
  const { ports, row } = session
  await sendLastPart(session)
  // Before the commit: afterwards nothing of the upload may be left but the file.
  await removeSegments(ports, row.fileId)
  const { partDigests, sha256, concat } = session.upload
  if (concat !== 'partial') return settle(ports, row, { partDigests, sha256: sha256 ?? undefined })
  await assembleParts(ports, row, partDigests)
  return undefined
}

/** `complete` of a tus upload: its file, when it has one. Throws `UPLOAD_INCOMPLETE` while bytes are missing. */
export async function completeTus(context: TusContext, row: FileRow, settle: Settle): Promise<StoredFile> {
  const upload = await context.ports.tus.find(row.fileId)
  if (upload === undefined) throw new StudioError('UPLOAD_NOT_FOUND')
  // Whoever sends bytes right now is not interrupted for a question.
  if (!isWhole({ row, upload }) || upload.concat === 'partial') throw new StudioError('UPLOAD_INCOMPLETE')
  const stored = await underLock(context, row.fileId, async (lock) => {
    const current = await context.ports.registry.findUpload(row.fileId, row.actor)
    const settled = current && settledAnswer(current)
    return settled ?? finishTus(await openTusSession(context, row, lock), settle)
  })
  if (stored === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
  return stored
}
