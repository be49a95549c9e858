/** tus concatenation: makes one file of several that were sent as `partial` uploads, in the order that is asked for. */
import { fileIdSchema, type FileId } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import { settleUpload } from './complete-upload.ts'
import { endUpload } from './end-upload.ts'
import { findOwnUpload } from './own-upload.ts'
import { partBytes, planParts } from './part-plan.ts'
import { beginTus, tusAddress } from './tus-begin.ts'
import type { TusRequest } from './tus-data-store.ts'
import { finishTus } from './tus-finish.ts'
import { requestOfMetadata } from './tus-metadata.ts'
import { sendPart } from './tus-parts.ts'
import { advanceSession, isWhole, openTusSession, underLock } from './tus-session.ts'
import type { TusContext, TusSession } from './tus-session.ts'

const PREFIX = 'final;'
/** As many as clients send at once, and some; each is looked up. */
const PIECES_MAX = 100

interface Piece {
  row: FileRow
  start: number
  size: number
}

/** `final;/tus/a /tus/b`: addresses as this server gave them, absolute or relative. */
function idsOf(concat: string): FileId[] {
  const ids = concat
    .slice(PREFIX.length)
    .split(' ')
    .filter((url) => url !== '')
    .map((url) => fileIdSchema.safeParse(url.split('/').at(-1)))
  if (ids.length === 0 || ids.length > PIECES_MAX)
    throw new StudioError('VALIDATION_FAILED', { message: `Upload-Concat: 1 to ${PIECES_MAX} uploads` })
  return ids.map((id) => {
    if (!id.success) throw new StudioError('UPLOAD_NOT_FOUND')
    return id.data
  })
}

/** All of them whole, `partial`, and the caller's own. */
async function findPieces({ ports }: TusContext, { actor, concat }: TusRequest): Promise<Piece[]> {
  const pieces: Piece[] = []
  let start = 0
  for (const fileId of idsOf(concat ?? '')) {
    const row = await findOwnUpload(ports, actor, fileId)
    const upload = await ports.tus.find(fileId)
    if (row.state !== 'uploading' || upload?.concat !== 'partial') throw new StudioError('UPLOAD_NOT_FOUND')
    if (!isWhole({ row, upload })) throw new StudioError('UPLOAD_INCOMPLETE')
    pieces.push({ row, start, size: row.request.size })
    start += row.request.size
  }
  return pieces
}

/** Bytes of the file to come, from the pieces that hold them. */
async function readPieces(
  { ports }: TusSession,
  pieces: readonly Piece[],
  { start, target }: { start: number; target: Buffer },
): Promise<void> {
  const end = start + target.length
  for (const piece of pieces) {
    const from = Math.max(start, piece.start)
    const until = Math.min(end, piece.start + piece.size)
    if (from >= until) continue
    const range = { start: from - piece.start, end: until - 1 - piece.start }
    const bytes = await ports.store.readRange(objectKey(piece.row.fileId), range)
    // A piece is an object once its last byte was acknowledged; one that is not is not whole.
    if (bytes?.byteLength !== until - from) throw new StudioError('UPLOAD_INCOMPLETE')
    target.set(bytes, from - start)
  }
}

/** Cut anew, so that every file's parts follow one plan: the scrubber computes checksums by it. */
async function copyPieces(session: TusSession, pieces: readonly Piece[]): Promise<void> {
  const { row, buffers, lock } = session
  const { size } = row.request
  const { partCount } = planParts(size)
  for (let partNumber = 1; partNumber <= partCount; partNumber += 1) {
    const { receivedBytes } = session.upload
    const buffer = await buffers.take(lock.signal)
    try {
      const target = buffer.subarray(0, partBytes(size, partNumber))
      await readPieces(session, pieces, { start: receivedBytes, target })
      const digest = await sendPart(session, partNumber, target)
      const to = receivedBytes + target.length
      await advanceSession(session, { to, newPartDigests: [digest], segments: [] })
    } finally {
      buffers.give(buffer)
    }
  }
}

/** Answers when the file is stored. Its pieces are gone then; when it fails, nothing of the file is left, and they are. */
export async function concatenate(context: TusContext, request: TusRequest): Promise<Response> {
  const { ports } = context
  const { actor, uploadMetadata, metadata, concat } = request
  const pieces = await findPieces(context, request)
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0)
  const row = await beginTus(ports, actor, {
    request: requestOfMetadata(metadata, size),
    details: { isLengthDeferred: false, concat, uploadMetadata },
  })
  try {
    await underLock(context, row.fileId, async (lock) => {
      const session = await openTusSession(context, row, lock)
      await copyPieces(session, pieces)
      await finishTus(session, settleUpload)
    })
  } catch (error) {
    await endUpload(ports, row, 'aborted')
    throw error
  }
  for (const piece of pieces) await endUpload(ports, piece.row, 'aborted')
  const headers = { location: tusAddress(row), 'tus-resumable': '1.0.0' }
  return new Response(null, { status: 201, headers })
}
