/** What a reconciliation run is given, and what its steps share. */
import type { ObjectListing } from '../ports/object-listing.ts'
import type { Ports } from '../ports/ports.ts'
import type { ReconcileEvent, ReconcileReport } from './reconcile-report.ts'

export interface ReconcileOptions {
  /** Looks only, and says what it would do. */
  dryRun?: boolean
  /** What is younger is not looked at. Age never decides alone: the registry does. */
  graceSeconds?: number
  /** Removes orphans also where there are so many that the registry looks like another bucket's. */
  removeMany?: boolean
  pageSize?: number
  onEvent?: (event: ReconcileEvent) => void
  onProgress?: (report: Readonly<ReconcileReport>) => void
  signal?: AbortSignal
}

/** One run of reconciliation, as its steps see it. */
export interface ReconcileRun {
  ports: Ports
  listing: ObjectListing
  options: ReconcileOptions
  /** What was there before may be looked at. */
  before: Date
  report: ReconcileReport
  tell: (event: ReconcileEvent) => void
}
