/** Deliveries that no answer waits for: begun as soon as a file is committed, and so many at once (decision 0015). */
import type { OutboxEntry } from '../ports/metadata-outbox.ts'
import type { Ports } from '../ports/ports.ts'
import { deliverEntry } from './deliver.ts'

/** PocketBase writes one record after the other: more at once only wait there, each against its time limit. */
const AT_ONCE = 16
/** A PocketBase that is this far behind is left to the outbox, which tries again without anybody waiting. */
const TURN_WITHIN_MS = 1_000

export interface Deliveries {
  /**
   * Resolves when the delivery has begun: who commits faster than records can be written is slowed down to that pace, up to
   * a second each. Never rejects, since an entry that is not delivered now is delivered later.
   */
  begin(entry: OutboxEntry): Promise<void>
  /** Resolves when all that were begun so far have ended, in whatever way. */
  settled(): Promise<void>
}

/** First come, first served. */
export function createDeliveries(ports: Ports): Deliveries {
  const underWay = new Set<Promise<unknown>>()
  const waiting = new Set<() => void>()

  function run(entry: OutboxEntry): void {
    const delivery = deliverEntry(ports, entry).finally(() => {
      underWay.delete(delivery)
      const [next] = waiting
      next?.()
    })
    underWay.add(delivery)
  }

  return {
    async begin(entry) {
      if (underWay.size < AT_ONCE) return run(entry)
      await new Promise<void>((resolve) => {
        const leave = (): void => {
          clearTimeout(timer)
          waiting.delete(enter)
          resolve()
        }
        const enter = (): void => {
          leave()
          run(entry)
        }
        const timer = setTimeout(leave, TURN_WITHIN_MS)
        waiting.add(enter)
      })
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
