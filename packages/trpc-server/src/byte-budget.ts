/** How many bytes of bodies a server holds at once: who comes when it is spent waits in line, and not for ever. */
import { StudioError } from '@studio/contracts/studio-error'

export interface ByteBudgetOptions {
  bytes: number
  /** How long to wait at most, in milliseconds. */
  waitMs: number
}

export interface ByteBudget {
  /**
   * Waits until there is room for so many bytes, and resolves to what gives them back, once however often it is called.
   * Rejects with `BUSY` when the wait is over, or with the signal's reason. More than the whole budget passes alone.
   */
  take(bytes: number, signal: AbortSignal): Promise<() => void>
}

interface Waiter {
  bytes: number
  enter: () => void
}

/** First come, first served: a large body is not overtaken for ever by small ones. */
export function createByteBudget({ bytes: budget, waitMs }: ByteBudgetOptions): ByteBudget {
  let left = budget
  const line = new Set<Waiter>()

  function letIn(): void {
    for (const waiter of line) {
      if (waiter.bytes > left) return
      left -= waiter.bytes
      line.delete(waiter)
      waiter.enter()
    }
  }

  function giveBack(bytes: number): () => void {
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      left += bytes
      letIn()
    }
  }

  return {
    async take(asked, signal) {
      signal.throwIfAborted()
      const bytes = Math.min(asked, budget)
      if (line.size === 0 && bytes <= left) {
        left -= bytes
        return giveBack(bytes)
      }
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', leave)
        }
        const giveUp = (reason: unknown) => {
          end()
          line.delete(waiter)
          reject(reason)
          // Those behind may fit where this one did not.
          letIn()
        }
        const leave = () => giveUp(signal.reason)
        const waiter: Waiter = {
          bytes,
          enter: () => {
            end()
            resolve(giveBack(bytes))
          },
        }
        const timer = setTimeout(() => giveUp(new StudioError('BUSY')), waitMs)
        signal.addEventListener('abort', leave, { once: true })
        line.add(waiter)
      })
    },
  }
}
