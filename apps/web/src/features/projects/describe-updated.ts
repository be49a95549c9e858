/** When something last changed, as one says it. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const sameYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const otherYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })

/** `just now`, `5 minutes ago`, `yesterday`, `3 Nov`; clocks that disagree by a little never say "in a minute". */
export function describeUpdated(updated: string, now: Date): string {
  const date = new Date(updated)
  const age = Math.max(0, now.getTime() - date.getTime())
  if (age < MINUTE) return 'just now'
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), 'minute')
  if (age < DAY) return relative.format(-Math.floor(age / HOUR), 'hour')
  if (age < 7 * DAY) return relative.format(-Math.floor(age / DAY), 'day')
  return (date.getFullYear() === now.getFullYear() ? sameYear : otherYear).format(date)
}
