/** How long to wait before asking again. */

export interface BackOff {
  firstMilliseconds: number
  mostMilliseconds: number
}

/** Short enough that nobody notices a server that starts again, long enough to leave one in trouble alone. */
export const BACK_OFF: BackOff = { firstMilliseconds: 500, mostMilliseconds: 30_000 }

/** Resolves after the time; rejects when the signal aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** The wait after the given number of failures (1 or more): doubled each time, half of it random so that clients spread out. */
export function backOffMilliseconds(failures: number, random: () => number): number {
  const { firstMilliseconds, mostMilliseconds } = BACK_OFF
  const longest = Math.min(mostMilliseconds, firstMilliseconds * 2 ** (failures - 1))
  return Math.round(longest * (0.5 + 0.5 * random()))
}

/** `Sleep` by the platform's timer. */
export const sleepByTimer: Sleep = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', stop, { once: true })
  })
