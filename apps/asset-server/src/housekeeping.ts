/** What one replica does for all: expiring uploads, purging trash, reconciling store and registry, reading old files again. */
import type { AssetService } from '@studio/asset-service'
import type { RecurringWork } from './background.ts'
import type { Env } from './env.ts'

const EXPIRE_EVERY_MS = 60_000
/** Between two looks for files whose time to be read has come. */
const SCRUB_EVERY_MS = 60_000
/** A few at a time: the work ends between two of them when it has to. */
const SCRUB_FILES = 16

export interface HousekeepingOptions {
  service: AssetService
  env: Env
  onError: RecurringWork['onError']
  /** Told of each reconciliation, and of a scrub that found something. */
  onReport: (report: object, done: string) => void
}

/** The works, in no order. Each is harmless when it runs twice at once. */
export function housekeepingWorks({ service, env, onError, onReport }: HousekeepingOptions): RecurringWork[] {
  const firstAfterMs = env.HOUSEKEEPING_AFTER_SECONDS * 1000
  const expire: RecurringWork = {
    name: 'expiring uploads',
    everyMs: EXPIRE_EVERY_MS,
    run: () => service.expireUploads(),
    onError,
  }
  const purge: RecurringWork = {
    name: 'purging trash',
    everyMs: EXPIRE_EVERY_MS,
    run: () => service.purgeDue(),
    onError,
  }
  const reconcile: RecurringWork = {
    name: 'reconciling',
    everyMs: env.RECONCILE_EVERY_SECONDS * 1000,
    firstAfterMs,
    async run(signal) {
      const graceSeconds = env.RECONCILE_GRACE_HOURS * 3600
      const report = await service.reconcile({ graceSeconds, signal })
      if (report !== undefined) onReport(report, 'reconciled')
      return 0
    },
    onError,
  }
  const scrub: RecurringWork = {
    name: 'scrubbing',
    everyMs: SCRUB_EVERY_MS,
    firstAfterMs,
    async run(signal) {
      const report = await service.scrub({
        limit: SCRUB_FILES,
        bytesPerSecond: env.SCRUB_BYTES_PER_SECOND,
        againAfterSeconds: env.SCRUB_AGAIN_DAYS * 24 * 3600,
        signal,
      })
      if (report.findings > 0) onReport(report, 'scrubbed')
      return report.files
    },
    onError,
  }
  const always = [expire, purge, reconcile]
  return env.SCRUB_BYTES_PER_SECOND > 0 ? [...always, scrub] : always
}
