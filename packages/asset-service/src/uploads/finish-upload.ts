/** The end that every transport shares: the row becomes ready, and PocketBase is told. */
import { StudioError } from '@studio/contracts/studio-error'
import type { StoredFile } from '@studio/contracts/upload'
import type { Ports } from '../ports/ports.ts'
import { deliverEntry } from '../metadata-outbox/deliver.ts'
import type { FileRow, ObservedContent } from '../ports/file-registry.ts'
import { settledAnswer, toStoredFile } from './upload-state.ts'

/**
 * Commits verified bytes. The file is stored when this resolves; `record` tells whether PocketBase has heard of it yet.
 * Throws `UPLOAD_ENDED` when the upload was aborted or expired in the meantime.
 */
export async function finishUpload(
  ports: Ports,
  row: FileRow,
  observed: ObservedContent,
): Promise<StoredFile> {
  const committed = await ports.registry.commit(row.fileId, observed)
  if (committed === undefined) {
    const current = await ports.registry.findUpload(row.fileId, row.actor)
    const settled = current && settledAnswer(current)
    if (settled === undefined) throw new StudioError('UPLOAD_ENDED')
    return settled
  }
  const delivered = await deliverEntry(ports, {
    id: committed.outboxId,
    kind: 'create',
    row: committed.row,
    attempts: 0,
  })
  return toStoredFile(committed.row, delivered ? 'written' : 'pending')
}
