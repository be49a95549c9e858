/** Compares what each project's counter says it takes up with the sizes of its files, and mends a counter that is wrong. */
import type { ReconcileRun } from './reconcile-run.ts'

const PROJECTS_AT_ONCE = 100

/** Nothing but damage makes them differ: every statement that changes a file's size or state changes the counter as well. */
export async function settleSpace(run: ReconcileRun): Promise<void> {
  const { space } = run.ports
  for (let after = ''; ;) {
    run.options.signal?.throwIfAborted()
    const page = await space.check({ after, limit: PROJECTS_AT_ONCE })
    for (const { projectId, countedBytes, actualBytes } of page) {
      if (countedBytes === actualBytes) continue
      if (run.options.dryRun !== true) await space.mend(projectId)
      run.tell({
        kind: 'space-mended',
        projectId,
        detail: `${countedBytes} bytes counted, ${actualBytes} there`,
      })
    }
    const last = page.at(-1)
    if (last === undefined) return
    after = last.projectId
  }
}
