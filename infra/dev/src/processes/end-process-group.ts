/** Ends a process with everything that it started: politely first, by force after a deadline. */

import { systemCodeOf } from '../dev-error.ts'
import { waitUntil } from '../wait-until.ts'
import { readProcess, readProcessGroup } from './process-table.ts'

export interface EndOptions {
  /** The signal that asks this program to finish: PostgreSQL wants SIGINT, most others SIGTERM. */
  readonly signal?: NodeJS.Signals
  /** How long it may take before SIGKILL. */
  readonly deadlineMs?: number
}

/**
 * Signals the group's leader, waits, then kills whatever of the group is left. Resolves when no member lives.
 * Does nothing when the group is gone already.
 */
export async function endProcessGroup(group: number, options: EndOptions = {}): Promise<void> {
  // The leader alone is asked: PostgreSQL's children would read the same SIGINT as "cancel your query".
  if (await readProcess(group)) {
    sendSignal(group, options.signal ?? 'SIGTERM')
    await waitUntil(async () => (await readProcess(group)) === undefined, {
      what: `process ${group} to end`,
      deadlineMs: options.deadlineMs ?? 5_000,
    }).catch(() => undefined)
  }
  await waitUntil(
    async () => {
      if ((await readProcessGroup(group)).length === 0) return true
      sendSignal(-group, 'SIGKILL')
      return false
    },
    { what: `process group ${group} to end after SIGKILL`, deadlineMs: 10_000 },
  )
}

/** Sends a signal; a process (or, negated, a group) that is gone already is no error. */
export function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'ESRCH') throw thrown
  }
}
