/** Looks at the object of a ready row that a listing showed otherwise: a finding if it is so, never a deletion. */
import type { FileId } from '@studio/contracts/file'
import { objectKey } from '../files/object-key.ts'
import type { Finding, FindingKind } from '../ports/file-ledger.ts'
import type { Ports } from '../ports/ports.ts'
import type { ReconcileRun } from './reconcile-run.ts'

/** The kinds that one look at an object decides, without reading it. */
const SEEN_BY_HEAD: readonly FindingKind[] = ['missing-object', 'size-mismatch']

interface ReadyFile {
  fileId: FileId
  size: number
}

/** What is wrong with the object as the store shows it; `undefined` when nothing is. */
async function lookAt(ports: Ports, { fileId, size }: ReadyFile): Promise<Finding | undefined> {
  const key = objectKey(fileId)
  const head = await ports.store.head(key)
  if (head === undefined) return { fileId, kind: 'missing-object', detail: `no object at ${key}` }
  if (head.size === size) return undefined
  return { fileId, kind: 'size-mismatch', detail: `${head.size} bytes in place of ${size}` }
}

/** Notes what is wrong, or that it is over. Resolves to the finding; none for a row that is not ready any more. */
export async function settleFindings(
  ports: Ports,
  file: ReadyFile,
  options: { dryRun: boolean },
): Promise<Finding | undefined> {
  const finding = await lookAt(ports, file)
  if (options.dryRun) return finding
  const over = SEEN_BY_HEAD.filter((kind) => kind !== finding?.kind)
  await ports.findings.resolve(file.fileId, over)
  return finding && (await ports.findings.note(finding)) ? finding : undefined
}

/** One row of a reconciliation run. */
export async function checkObject(run: ReconcileRun, file: ReadyFile): Promise<void> {
  const finding = await settleFindings(run.ports, file, { dryRun: run.options.dryRun === true })
  if (finding !== undefined) run.tell(finding)
}
