/** Removes segments of tus uploads that are over: only while a row is `uploading` can one of them still be needed. */
import type { FileId } from '@studio/contracts/file'
import { fileIdOfSegment } from '../files/object-key.ts'
import type { ListedObject } from '../ports/object-listing.ts'
import type { ReconcileRun } from './reconcile-run.ts'

type Segment = ListedObject & { fileId: FileId }

/** Asks at the moment of deleting. An upload that is over never begins again, so what is true here stays true. */
async function settle(run: ReconcileRun, { fileId, key, size }: Segment): Promise<void> {
  const { ports, options } = run
  const [standing] = await ports.ledger.standings([fileId])
  if (standing?.state === 'uploading') return
  if (options.dryRun !== true) {
    await ports.ledger.auditRemoval({ fileId, what: 'orphan object', detail: key })
    await ports.store.delete(key)
  }
  run.tell({ kind: 'orphan-removed', fileId, key, size })
}

/** Those among a page of a listing. */
export async function settleSegments(run: ReconcileRun, page: readonly ListedObject[]): Promise<void> {
  for (const object of page) {
    const fileId = fileIdOfSegment(object.key)
    if (fileId === undefined || object.lastModified >= run.before) continue
    run.options.signal?.throwIfAborted()
    await settle(run, { ...object, fileId })
  }
}
