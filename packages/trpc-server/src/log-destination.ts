/** Where log lines go: standard output, some of them in one write. */
import { destination } from 'pino'

type LogDestination = ReturnType<typeof destination>

/** A write for each line takes a tenth of a small request's time (docs/performance.md). */
const AT_ONCE_BYTES = 4096
/** What a kill -9 may take with it, and how late a line is at most. */
const WITHIN_MS = 200

/** Lines are written soon, and at once when the process ends by itself, after an error that nobody caught too. */
export function createLogDestination(): LogDestination {
  return destination({ dest: 1, sync: false, minLength: AT_ONCE_BYTES, periodicFlush: WITHIN_MS })
}
