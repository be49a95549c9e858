/** Brings store and registry together: removes what no row wants, and notes what a row wants and does not have (P4). */
import { FILES_PREFIX } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import { secondsFrom } from '../seconds-from.ts'
import { abortLeftovers } from './abort-leftovers.ts'
import { compareObjects } from './compare-objects.ts'
import { addToReport, emptyReport, type ReconcileReport } from './reconcile-report.ts'
import { settleSpace } from './settle-space.ts'
import type { ReconcileOptions, ReconcileRun } from './reconcile-run.ts'

/** A day is longer than any PUT that was begun in time goes on, and than clocks differ. */
const GRACE_SECONDS = 24 * 60 * 60

/**
 * May stop anywhere and be repeated, and may run beside itself: nothing is removed from a list, the registry is asked about
 * each thing right before. Resolves to `undefined` when the store cannot be listed.
 */
export async function reconcile(
  ports: Ports,
  options: ReconcileOptions = {},
): Promise<ReconcileReport | undefined> {
  if (ports.listing === undefined) return undefined
  const report = emptyReport()
  const run: ReconcileRun = {
    ports,
    listing: ports.listing,
    options,
    before: secondsFrom(ports.now(), -(options.graceSeconds ?? GRACE_SECONDS)),
    report,
    tell(event) {
      addToReport(report, event)
      options.onEvent?.(event)
    },
  }
  const query = { prefix: FILES_PREFIX, ...(options.pageSize && { pageSize: options.pageSize }) }
  await compareObjects(run, query)
  await abortLeftovers(run, query)
  await settleSpace(run)
  return report
}
