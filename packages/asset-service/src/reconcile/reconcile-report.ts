/** What a reconciliation run says about what it saw and did. */
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import type { FindingKind } from '../ports/file-ledger.ts'

/** In a dry run: what would have happened. */
export type ReconcileEvent =
  | { kind: 'orphan-removed' | 'orphan-withheld'; fileId: FileId; key: string; size: number }
  | { kind: 'upload-aborted'; fileId: FileId; key: string; multipartId: string }
  | { kind: 'space-mended'; projectId: ProjectId; detail: string }
  | { kind: FindingKind; fileId: FileId; detail: string }

export interface ReconcileReport {
  /** Objects below our prefix, and those among them whose key is not one of ours: they are left alone. */
  objects: number
  foreignKeys: number
  /** Ready files that were compared with the listing. */
  readyFiles: number
  orphansRemoved: number
  bytesFreed: number
  /** Left because so many at once look like the wrong database rather than like orphans. */
  orphansWithheld: number
  uploadsAborted: number
  /** Projects whose counter was not the sum of their files. */
  spaceMended: number
  findings: number
}

export function emptyReport(): ReconcileReport {
  return {
    objects: 0,
    foreignKeys: 0,
    readyFiles: 0,
    orphansRemoved: 0,
    bytesFreed: 0,
    orphansWithheld: 0,
    uploadsAborted: 0,
    spaceMended: 0,
    findings: 0,
  }
}

/** Counts one event. */
export function addToReport(report: ReconcileReport, event: ReconcileEvent): void {
  if (event.kind === 'orphan-removed') {
    report.orphansRemoved += 1
    report.bytesFreed += event.size
  } else if (event.kind === 'orphan-withheld') report.orphansWithheld += 1
  else if (event.kind === 'upload-aborted') report.uploadsAborted += 1
  else if (event.kind === 'space-mended') report.spaceMended += 1
  else report.findings += 1
}
