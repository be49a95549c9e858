/** Asks the system which processes live, for tests that promise to leave none. */

import { readProcess } from '../processes/process-table.ts'

/** Those of the numbers that belong to a living process. */
export async function livingOf(pids: readonly number[]): Promise<number[]> {
  const entries = await Promise.all(pids.map(readProcess))
  return entries.flatMap((entry) => (entry ? [entry.pid] : []))
}
