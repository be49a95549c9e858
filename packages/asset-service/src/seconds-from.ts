/** Instants, a number of seconds away from another. */

/** Seconds from `now`, as an instant. */
export function secondsFrom(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}
