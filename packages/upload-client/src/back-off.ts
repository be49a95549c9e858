/** How long to wait before asking again, and how often. */

export interface BackOff {
  /** Tries in all, the first included. */
  tries: number
  firstMilliseconds: number
  mostMilliseconds: number
}

export const CALL_BACK_OFF: BackOff = { tries: 5, firstMilliseconds: 500, mostMilliseconds: 8_000 }

/** The last try of a part comes some two minutes after the first: long enough for a router that starts again. */
export const PART_BACK_OFF: BackOff = { tries: 10, firstMilliseconds: 500, mostMilliseconds: 30_000 }

/** Resolves after the time; rejects when the signal aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** The wait after the given number of failures (1 or more): doubled each time, half of it random so that clients spread out. */
export function backOffMilliseconds(failures: number, backOff: BackOff, random: () => number): number {
  const longest = Math.min(backOff.mostMilliseconds, backOff.firstMilliseconds * 2 ** (failures - 1))
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
