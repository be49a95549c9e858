/** A few buffers of one part each, shared by all tus uploads of this process: what bounds its memory, however many there are. */
import { TUS_PART_BYTES } from '@studio/contracts/limits'

/** Two keep one upload's sending and receiving apart; six do so for three at once, and let six more slowly take turns. */
const BUFFERS = 6

export interface PartBuffers {
  /** Waits for its turn; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Buffer>
  /** A free one that nobody waits for. */
  tryTake(): Buffer | undefined
  give(buffer: Buffer): void
  /** Does somebody wait? Then who has been slow should save what it has, and give its buffer. */
  isWanted(): boolean
}

/** Buffers are made when they are first needed, and used again from then on. */
export function createPartBuffers(count = BUFFERS): PartBuffers {
  const free: Buffer[] = []
  const waiting = new Set<(buffer: Buffer) => void>()
  let made = 0

  const tryTake = (): Buffer | undefined => {
    if (waiting.size > 0) return undefined
    const kept = free.pop()
    if (kept !== undefined || made >= count) return kept
    made += 1
    return Buffer.allocUnsafeSlow(TUS_PART_BYTES)
  }

  return {
    tryTake,
    async take(signal) {
      signal.throwIfAborted()
      const now = tryTake()
      if (now !== undefined) return now
      return new Promise((resolve, reject) => {
        const hand = (buffer: Buffer): void => {
          signal.removeEventListener('abort', leave)
          resolve(buffer)
        }
        const leave = (): void => {
          waiting.delete(hand)
          reject(signal.reason)
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.add(hand)
      })
    },
    give(buffer) {
      const [next] = waiting
      if (next === undefined) {
        free.push(buffer)
        return
      }
      waiting.delete(next)
      next(buffer)
    },
    isWanted: () => waiting.size > 0,
  }
}
