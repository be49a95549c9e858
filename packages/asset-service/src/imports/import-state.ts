/**
 * What became of an import. Its row is the upload's row, and `expires_at` is the lease of the process that fetches: it is
 * renewed while bytes come, so an import whose process died is overdue within minutes, and expiry removes what it left.
 *
 * | from      | event                               | to        | answered                |
 * |-----------|-------------------------------------|-----------|-------------------------|
 * | (no row)  | the source cannot be opened         | (no row)  | its error code          |
 * | (no row)  | opened, admitted                    | uploading | importing               |
 * | uploading | all parts there, verified           | ready     | ready, with its file    |
 * | uploading | breaks off, too large, refused type | expired   | failed, with its code   |
 * | uploading | its process died: the lease is over | expired   | failed, interrupted     |
 */
import type { ErrorCode } from '@studio/contracts/error-code'
import type { ImportedFile } from '@studio/contracts/file-life'
import type { FileRow } from '../ports/file-registry.ts'
import { toStoredFile } from '../uploads/upload-state.ts'

function failureOf({ endedBy }: FileRow): ErrorCode {
  if (endedBy === null || endedBy === 'overdue') return 'IMPORT_INTERRUPTED'
  return endedBy === 'aborted' ? 'UPLOAD_ENDED' : endedBy
}

/** The answer to whoever asks how the import of this row goes. */
export function importStateOf(row: FileRow, now: Date): ImportedFile {
  const { fileId, request } = row
  switch (row.state) {
    case 'uploading':
      if (row.expiresAt < now) return { state: 'failed', fileId, code: 'IMPORT_INTERRUPTED' }
      return { state: 'importing', fileId, size: request.size }
    case 'ready':
      return { state: 'ready', fileId, file: toStoredFile(row, row.recordPending ? 'pending' : 'written') }
    case 'expired':
      return { state: 'failed', fileId, code: failureOf(row) }
    case 'trashed':
    case 'purged':
      return { state: 'failed', fileId, code: 'FILE_NOT_FOUND' }
  }
}
