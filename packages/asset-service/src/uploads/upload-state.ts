/**
 * The upload state machine. Only `FileRegistry` changes a state, and only along these lines:
 *
 * | from        | event                               | to        | effects, in this order                          |
 * |-------------|-------------------------------------|-----------|-------------------------------------------------|
 * | (no row)    | begin, inline bytes that fit        | uploading | row                                             |
 * | uploading   | the same request again              | uploading | none: a new URL, or the bytes once more         |
 * | uploading   | bytes verified                      | ready     | row + outbox + audit in one commit, then record |
 * | uploading   | bytes refused, abort, time is over  | expired   | row, then delete object                         |
 * | expired     | no URL can bring bytes any more     | (no row)  | delete object, then row                         |
 * | ready       | complete again                      | ready     | none                                            |
 *
 * By tus the bytes come here, and the last of them is the event "bytes verified": the answer to the request that brings it, or
 * to the next HEAD after a crash, waits for the commit. Until then `tus_uploads` says how much is durable; a piece of a
 * concatenation stays `uploading` when it is whole, and ends, aborted, with the file that it becomes part of.
 *
 * A crash after any effect leaves a state from which the next request, or the clean-up, goes on.
 */
import { StudioError } from '@studio/contracts/studio-error'
import type { StoredFile } from '@studio/contracts/upload'
import type { FileRow } from '../ports/file-registry.ts'

/** The error that ended this upload, the same one each time it is asked. */
export function endedError(row: FileRow): StudioError {
  const { endedBy } = row
  const refused = endedBy !== null && endedBy !== 'aborted' && endedBy !== 'overdue'
  return new StudioError(refused ? endedBy : 'UPLOAD_ENDED')
}

/** The answer for a ready file. */
export function toStoredFile(row: FileRow, record: StoredFile['record']): StoredFile {
  if (row.observed === null)
    throw new StudioError('INTERNAL', { cause: `ready row ${row.fileId} without observed content` })
  const { name, size, sha256 } = row.request
  const { mimeType, width, height, readSha256 } = row.observed
  return {
    fileId: row.fileId,
    name,
    size,
    sha256: sha256 ?? readSha256 ?? null,
    mimeType,
    width,
    height,
    record,
  }
}

/** What an upload that already has a row answers without doing anything: its file, or the error that ended it. */
export function settledAnswer(row: FileRow): StoredFile | undefined {
  switch (row.state) {
    case 'uploading':
      return undefined
    case 'ready':
      return toStoredFile(row, row.recordPending ? 'pending' : 'written')
    case 'expired':
      throw endedError(row)
    case 'trashed':
    case 'purged':
      throw new StudioError('UPLOAD_NOT_FOUND')
  }
}
