/** Purges what has been in the trash for long enough. */
import { deliverEntries } from '../metadata-outbox/deliver.ts'
import type { Ports } from '../ports/ports.ts'

/** Their bytes are removed within the lease that the purge gives. */
const BATCH = 32

/**
 * Returns how many were purged; call it again until there are none. The rows first: from then on no new address leads to the
 * bytes. What a crash leaves of them is owed by the outbox, and removed by whoever delivers that.
 */
export async function purgeDue(ports: Ports): Promise<number> {
  const entries = await ports.life.purgeDue({ now: ports.now(), limit: BATCH })
  await deliverEntries(ports, entries)
  return entries.length
}
