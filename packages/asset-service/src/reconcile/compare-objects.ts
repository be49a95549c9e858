/**
 * Walks the objects and the rows side by side: both come in the order of ids. A listing only proposes; each difference is
 * looked at again, on both sides, before anything comes of it.
 */
import type { FileId } from '@studio/contracts/file'
import { fileIdOfKey, fileIdOfSegment } from '../files/object-key.ts'
import type { Standing } from '../ports/file-ledger.ts'
import type { ListedObject, ListObjects } from '../ports/object-listing.ts'
import { checkObject } from './check-object.ts'
import { isWanted, ownsObject } from './is-wanted.ts'
import type { ReconcileRun } from './reconcile-run.ts'
import { removeOrphan, type Orphan } from './remove-orphan.ts'
import { settleSegments } from './settle-segments.ts'

const ROWS_AT_ONCE = 1000

/** Fewer unknown objects than this may be all there are. */
const FEW = 20

type Unknown = Orphan & Pick<ListedObject, 'lastModified'>

/** Rows behind one id and up to another, in pages. */
async function* rowsBetween(
  { ports }: ReconcileRun,
  from: string,
  until: string | null,
): AsyncGenerator<Standing[]> {
  for (let after = from; ;) {
    const rows = await ports.ledger.listRange({ after, until, limit: ROWS_AT_ONCE })
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS_AT_ONCE) return
    after = last.fileId
  }
}

function byFileId(run: ReconcileRun, page: readonly ListedObject[]): Map<FileId, ListedObject> {
  const ours = new Map<FileId, ListedObject>()
  for (const object of page) {
    run.report.objects += 1
    const fileId = fileIdOfKey(object.key)
    if (fileIdOfSegment(object.key) !== undefined) continue
    if (fileId === undefined) run.report.foreignKeys += 1
    else ours.set(fileId, object)
  }
  return ours
}

/** An object of another size or none at all, if the listing is right. */
async function checkRows(
  run: ReconcileRun,
  rows: readonly Standing[],
  listed: ReadonlyMap<FileId, ListedObject>,
): Promise<void> {
  for (const row of rows) {
    if (!ownsObject(row)) continue
    if (row.state === 'ready') run.report.readyFiles += 1
    if (listed.get(row.fileId)?.size !== row.size) await checkObject(run, row)
  }
}

/**
 * A registry that knows hardly any object of a page is more likely another bucket's than one that lost its rows: files are
 * not removed on its word, unless the operator says so.
 */
async function settleUnknown(run: ReconcileRun, unknown: readonly Unknown[], listed: number): Promise<void> {
  const old = unknown.filter(({ lastModified }) => lastModified < run.before)
  const isDoubtful = old.length > FEW && old.length > listed / 2 && run.options.removeMany !== true
  for (const { fileId, key, size } of old) {
    if (isDoubtful) run.tell({ kind: 'orphan-withheld', fileId, key, size })
    else await removeOrphan(run, { fileId, key, size })
  }
}

async function comparePage(
  run: ReconcileRun,
  page: readonly ListedObject[],
  range: { after: string; until: string | null },
): Promise<void> {
  const listed = byFileId(run, page)
  const wanted = new Set<FileId>()
  for await (const rows of rowsBetween(run, range.after, range.until)) {
    run.options.signal?.throwIfAborted()
    for (const row of rows) if (listed.has(row.fileId) && isWanted(row)) wanted.add(row.fileId)
    await checkRows(run, rows, listed)
  }
  const unknown = [...listed].filter(([fileId]) => !wanted.has(fileId))
  await settleUnknown(
    run,
    unknown.map(([fileId, object]) => ({ fileId, ...object })),
    listed.size,
  )
}

/** Everything below the prefix against every row, whichever of the two ends first. */
export async function compareObjects(run: ReconcileRun, query: ListObjects): Promise<void> {
  let after = ''
  for await (const page of run.listing.objects(query)) {
    run.options.signal?.throwIfAborted()
    const until = page.map(({ key }) => fileIdOfKey(key)).findLast((fileId) => fileId !== undefined)
    await comparePage(run, page, { after, until: until ?? after })
    await settleSegments(run, page)
    after = until ?? after
    run.options.onProgress?.(run.report)
  }
  await comparePage(run, [], { after, until: null })
}
