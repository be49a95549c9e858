/**
 * What becomes of a file once it is stored. Only `FileLife` changes these states, and only along these lines:
 *
 * | from    | event                          | to      | effects, in this order                                        |
 * |---------|--------------------------------|---------|---------------------------------------------------------------|
 * | ready   | trash                          | trashed | row + outbox + audit in one commit, then the record goes      |
 * | trashed | trash again                    | trashed | none: the day of its purge stays                              |
 * | trashed | restore, before its purge      | ready   | row + outbox + audit in one commit, then the record is back   |
 * | ready   | restore again                  | ready   | none                                                          |
 * | trashed | its time is over, or purge now | purged  | row + quota + outbox + audit in one commit, then bytes, record |
 * | purged  | purge again                    | purged  | none: the row stays and says that there was a file            |
 *
 * What is done after the commit is owed by the outbox entry: a crash anywhere leaves the entry, and its next delivery brings
 * store and record in line with what the row says by then (`metadata-outbox/bring-in-line.ts`).
 */
import { StudioError } from '@studio/contracts/studio-error'
import type { FileId } from '@studio/contracts/file'
import type { FileFate } from '@studio/contracts/file-life'
import type { ErrorCode } from '@studio/contracts/error-code'
import type { LifeRow } from '../ports/file-life.ts'

const failed = (fileId: FileId, code: ErrorCode): FileFate => ({ status: 'error', fileId, code })

/** What is answered about a file when its row is in this state now. */
function fateOf({ fileId, state, purgeAt }: LifeRow): FileFate {
  switch (state) {
    case 'ready':
    case 'purged':
      return { status: 'ok', fileId, state }
    case 'trashed':
      if (purgeAt === null)
        throw new StudioError('INTERNAL', { cause: `trashed row ${fileId} without a day` })
      return { status: 'ok', fileId, state, purgeAt: purgeAt.toISOString() }
    case 'uploading':
    case 'expired':
      return failed(fileId, 'FILE_NOT_FOUND')
  }
}

export interface Outcome {
  fileIds: readonly FileId[]
  rows: readonly LifeRow[]
  /** The state that was asked for, and the code for a file that is in another one. */
  wanted: FileFate extends infer Fate ? (Fate extends { state: infer State } ? State : never) : never
  otherwise: ErrorCode
}

/** One answer for each id, in the order asked for. */
export function fatesOf({ fileIds, rows, wanted, otherwise }: Outcome): FileFate[] {
  const rowById = new Map(rows.map((row) => [row.fileId, row]))
  return fileIds.map((fileId) => {
    const row = rowById.get(fileId)
    if (row === undefined) return failed(fileId, 'FILE_NOT_FOUND')
    const fate = fateOf(row)
    if (fate.status === 'error' || fate.state === wanted) return fate
    return failed(fileId, row.state === 'purged' ? 'FILE_NOT_FOUND' : otherwise)
  })
}
