/** Aborts multipart uploads that no row needs, and frees their parts. Others' uploads in the same bucket are theirs. */
import { fileIdOfKey } from '../files/object-key.ts'
import type { ListedMultipart, ListObjects } from '../ports/object-listing.ts'
import { isMultipartWanted } from './is-wanted.ts'
import type { ReconcileRun } from './reconcile-run.ts'

async function abortUnwanted(run: ReconcileRun, { key, multipartId }: ListedMultipart): Promise<void> {
  const { ports, options } = run
  const fileId = fileIdOfKey(key)
  if (fileId === undefined || ports.multipart === undefined) return
  const [standing] = await ports.ledger.standings([fileId])
  if (isMultipartWanted(standing, multipartId)) return
  if (options.dryRun !== true) {
    const detail = `${key} ${multipartId}`
    await ports.ledger.auditRemoval({ fileId, what: 'leftover multipart upload', detail })
    await ports.multipart.abort({ key, multipartId })
  }
  run.tell({ kind: 'upload-aborted', fileId, key, multipartId })
}

/** Only what is old is asked about: between creating an upload and noting it, its row does not know it. */
export async function abortLeftovers(run: ReconcileRun, query: ListObjects): Promise<void> {
  const old: ListedMultipart[] = []
  // Aborting while listing would take away the place where the listing goes on.
  for await (const page of run.listing.multiparts(query)) {
    old.push(...page.filter(({ initiatedAt }) => initiatedAt < run.before))
  }
  for (const upload of old) {
    run.options.signal?.throwIfAborted()
    await abortUnwanted(run, upload)
    run.options.onProgress?.(run.report)
  }
}
