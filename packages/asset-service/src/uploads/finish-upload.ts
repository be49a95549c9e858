/** The end that every transport shares: the row becomes ready, and PocketBase is told. */
import { StudioError } from '@studio/contracts/studio-error'
import type { StoredFile } from '@studio/contracts/upload'
import type { Ports } from '../ports/ports.ts'
import { deliverEntry } from '../metadata-outbox/deliver.ts'
import type { Deliveries } from '../metadata-outbox/deliveries.ts'
import type { CommittedFile, FileRow, ObservedContent } from '../ports/file-registry.ts'
import type { OutboxEntry } from '../ports/metadata-outbox.ts'
import { settledAnswer, toStoredFile } from './upload-state.ts'

type Committed = { news: CommittedFile } | { known: StoredFile }

async function commit(ports: Ports, row: FileRow, observed: ObservedContent): Promise<Committed> {
  const news = await ports.registry.commit(row.fileId, observed)
  if (news !== undefined) return { news }
  const current = await ports.registry.findUpload(row.fileId, row.actor)
  const known = current && settledAnswer(current)
  if (known === undefined) throw new StudioError('UPLOAD_ENDED')
  return { known }
}

const entryOf = ({ row, outboxId }: CommittedFile): OutboxEntry => ({
  id: outboxId,
  kind: 'create',
  row,
  attempts: 0,
})

/**
 * Commits verified bytes. The file is stored when this resolves; `record` tells whether PocketBase has heard of it yet.
 * Throws `UPLOAD_ENDED` when the upload was aborted or expired in the meantime.
 */
export async function finishUpload(
  ports: Ports,
  row: FileRow,
  observed: ObservedContent,
): Promise<StoredFile> {
  const committed = await commit(ports, row, observed)
  if ('known' in committed) return committed.known
  const delivered = await deliverEntry(ports, entryOf(committed.news))
  return toStoredFile(committed.news.row, delivered ? 'written' : 'pending')
}

/** What finishing without waiting for the record needs. */
export interface FinishSoon {
  ports: Ports
  deliveries: Deliveries
}

/** The same for files that take no longer than their record: answers once the file is stored, while the record is written. */
export async function finishSoon(
  { ports, deliveries }: FinishSoon,
  row: FileRow,
  observed: ObservedContent,
): Promise<StoredFile> {
  const committed = await commit(ports, row, observed)
  if ('known' in committed) return committed.known
  await deliveries.begin(entryOf(committed.news))
  return toStoredFile(committed.news.row, 'pending')
}
