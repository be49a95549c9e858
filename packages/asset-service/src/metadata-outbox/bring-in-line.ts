/** Makes PocketBase's record, and for a purged file the store, agree with what the row says. */
import type { FileRow } from '../ports/file-registry.ts'
import type { OutboxKind } from '../ports/operator-desk.ts'
import type { Ports } from '../ports/ports.ts'
import { removeBytes } from '../uploads/end-upload.ts'

/**
 * The row decides and not the entry's kind: entries of one file may be delivered in any order and again, and each ends in
 * the same. `purged` is final, so its bytes may be removed on the word of a row that was read a while ago.
 */
export async function bringInLine(ports: Ports, row: FileRow, kind: OutboxKind): Promise<void> {
  switch (row.state) {
    case 'ready':
      return kind === 'checksum' ? ports.metadata.noteChecksum(row) : ports.metadata.createIfAbsent(row)
    case 'purged':
      // The bytes first: that nobody can read them any more does not wait for PocketBase.
      await removeBytes(ports, row.fileId)
      return ports.metadata.remove(row.fileId)
    case 'trashed':
      return ports.metadata.remove(row.fileId)
    case 'uploading':
    case 'expired':
  }
}
