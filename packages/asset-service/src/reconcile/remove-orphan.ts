/** Removes an object that no row wants. */
import type { FileId } from '@studio/contracts/file'
import { isWanted } from './is-wanted.ts'
import type { ReconcileRun } from './reconcile-run.ts'

export interface Orphan {
  fileId: FileId
  key: string
  size: number
}

/** Asks the registry at the moment of deleting: the listing is old by then. */
export async function removeOrphan(run: ReconcileRun, { fileId, key, size }: Orphan): Promise<void> {
  const { ports, options } = run
  const [standing] = await ports.ledger.standings([fileId])
  if (isWanted(standing)) return
  if (options.dryRun !== true) {
    await ports.ledger.auditRemoval({ fileId, what: 'orphan object', detail: key })
    await ports.store.delete(key)
  }
  run.tell({ kind: 'orphan-removed', fileId, key, size })
}
