/** Port: the records of files that people's screens are made from (PocketBase's `files` collection). */
import type { FileId } from '@studio/contracts/file'
import type { FileRow } from './file-registry.ts'

export interface FileMetadata {
  /**
   * Writes the record of a ready file under the file's id, unless it is there already. Relations whose target is gone
   * (a card deleted meanwhile) are left empty. Rejects with `RECORDS_UNAVAILABLE` when PocketBase does not answer.
   */
  createIfAbsent(row: FileRow): Promise<void>
  /**
   * Tells the record of a ready file the SHA-256 of the whole, writing the record first where it is not there yet.
   * Rejects like `createIfAbsent`.
   */
  noteChecksum(row: FileRow): Promise<void>
  /** Removes the record of a file that is not ready any more; done as well when there is none. Rejects like `createIfAbsent`. */
  remove(fileId: FileId): Promise<void>
  /** Is PocketBase there? Rejects with `RECORDS_UNAVAILABLE` when not. */
  ping(): Promise<void>
}
