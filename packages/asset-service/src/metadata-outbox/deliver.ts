/** Delivers outbox entries to PocketBase until each is confirmed (promise P3). */
import { toStudioError } from '@studio/contracts/studio-error'
import type { Ports } from '../ports/ports.ts'
import type { OutboxEntry } from '../ports/metadata-outbox.ts'
import { secondsFrom } from '../seconds-from.ts'
import { bringInLine } from './bring-in-line.ts'

const BATCH = 32
const AT_ONCE = 32
/** Longer than a delivery can take (the metadata adapter gives up earlier), so that a lease outlives its delivery. */
const LEASE_SECONDS = 30
const FIRST_RETRY_SECONDS = 0.5
const LAST_RETRY_SECONDS = 10

function retryDelay(attempts: number): number {
  return Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** Math.min(attempts, 10))
}

/**
 * Delivers one leased entry, again for as long as its file changes meanwhile: the last word is what the row says after a
 * delivery. Resolves to whether the record is in line; a failure is noted and tried again later, never thrown, because what
 * the row says is so either way.
 */
export async function deliverEntry(ports: Ports, entry: OutboxEntry): Promise<boolean> {
  try {
    await bringInLine(ports, entry.row, entry.kind)
  } catch (thrown) {
    await postpone(ports, entry, thrown)
    return false
  }
  try {
    const changed = await ports.outbox.confirm(entry)
    if (changed !== undefined) return await deliverEntry(ports, { ...entry, row: changed })
  } catch (error) {
    // The record is there; when the lease ends the entry is delivered once more, which is harmless.
    ports.onBackgroundError(error, `confirming the record of ${entry.row.fileId}`)
  }
  return true
}

/** Delivers leased entries, a few at once; returns how many are in line then. */
export async function deliverEntries(ports: Ports, entries: readonly OutboxEntry[]): Promise<number> {
  let delivered = 0
  for (let first = 0; first < entries.length; first += AT_ONCE) {
    const batch = entries.slice(first, first + AT_ONCE)
    const outcomes = await Promise.all(batch.map((entry) => deliverEntry(ports, entry)))
    delivered += outcomes.filter(Boolean).length
  }
  return delivered
}

async function postpone(ports: Ports, entry: OutboxEntry, thrown: unknown): Promise<void> {
  const error = toStudioError(thrown)
  ports.onBackgroundError(error, `writing the record of ${entry.row.fileId}`)
  const cause = error.cause instanceof Error ? error.cause.message : error.message
  try {
    await ports.outbox.postpone(entry.id, {
      retryAt: secondsFrom(ports.now(), retryDelay(entry.attempts)),
      error: `${error.code}: ${cause}`,
    })
  } catch (failure) {
    ports.onBackgroundError(failure, `postponing the record of ${entry.row.fileId}`)
  }
}

/** Delivers one batch of what is due; returns how many records were written. */
export async function deliverDue(ports: Ports): Promise<number> {
  const entries = await ports.outbox.lease({ limit: BATCH, leaseSeconds: LEASE_SECONDS })
  return deliverEntries(ports, entries)
}
