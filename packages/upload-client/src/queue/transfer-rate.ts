/** How fast uploads go and how long they still take, from what they had sent at each look: pure. */
import { isActive, sentBytes, type UploadItem } from './upload-item.ts'

/** Long enough that parts which end together do not make it jump, short enough to notice a change. */
const WINDOW_MILLISECONDS = 5_000

/** Sooner, one sample says more about the clock than about the line. */
const SETTLED_MILLISECONDS = 1_000

interface Sample {
  readonly at: number
  readonly bytes: number
}

/** What has been seen so far. */
export interface Meter {
  /** Of each upload that runs, the bytes it had sent at each look. */
  readonly byItem: ReadonlyMap<string, readonly Sample[]>
  /** Bytes sent by all since the meter began, at each look. */
  readonly all: readonly Sample[]
  /** Stored uploads that have been counted: small files come and go between two looks. */
  readonly counted: ReadonlySet<string>
}

export const IDLE_METER: Meter = { byItem: new Map(), all: [], counted: new Set() }

/** Looks at the uploads once more. */
export function look(meter: Meter, items: readonly UploadItem[], at: number): Meter {
  const byItem = new Map<string, readonly Sample[]>()
  const counted = new Set<string>()
  let grown = 0
  for (const item of items) {
    if (item.phase === 'stored') counted.add(item.id)
    else if (item.phase !== 'running') continue
    const seen = meter.byItem.get(item.id)
    const before = seen?.at(-1)?.bytes ?? 0
    const bytes = sentBytes(item)
    // What another page had sent is told as one leap when the upload goes on: this line has not carried it.
    const isLeap = item.goesOn && before === 0
    if (!isLeap && !meter.counted.has(item.id)) grown += Math.max(0, bytes - before)
    if (item.phase === 'stored') continue
    // Bytes that have to be sent again take the count back: begin anew.
    const isNew = seen === undefined || bytes < before || (isLeap && bytes > 0)
    byItem.set(item.id, recent([...(isNew ? [] : seen), { at, bytes }], at))
  }
  const sent = meter.all.at(-1)?.bytes
  // The first look only learns where things stand.
  const bytes = sent === undefined ? 0 : sent + grown
  return { byItem, counted, all: recent([...meter.all, { at, bytes }], at) }
}

/** Keeps one sample from before the window, so that a full window is always spanned. */
function recent(samples: readonly Sample[], now: number): readonly Sample[] {
  const first = samples.findIndex(({ at }) => at > now - WINDOW_MILLISECONDS)
  return samples.slice(Math.max(0, first - 1))
}

/** Bytes a second; `null` while nobody can tell. */
export function speedOf(samples: readonly Sample[] | undefined): number | null {
  const [first, last] = [samples?.[0], samples?.at(-1)]
  if (first === undefined || last === undefined || last.at - first.at < SETTLED_MILLISECONDS) return null
  return ((last.bytes - first.bytes) * 1000) / (last.at - first.at)
}

/** Whole seconds, rounded up; `null` while nothing moves. */
export function secondsLeft(bytes: number, speed: number | null): number | null {
  if (speed === null || speed <= 0) return null
  return Math.ceil(bytes / speed)
}

/** All uploads of a queue together. */
export interface UploadTotals {
  files: number
  active: number
  stored: number
  failed: number
  paused: number
  waiting: number
  offered: number
  /** Bytes of those that are stored or still to be, and how many of them have been sent. */
  size: number
  sent: number
  speed: number | null
  secondsLeft: number | null
}

/** Adds up. */
export function totalsOf(items: readonly UploadItem[], meter: Meter): UploadTotals {
  const count = (phase: UploadItem['phase']) => items.filter((item) => item.phase === phase).length
  const sum = (among: readonly UploadItem[], bytesOf: (item: UploadItem) => number) =>
    among.reduce((total, item) => total + bytesOf(item), 0)
  const counted = items.filter(({ phase }) => !['failed', 'waiting', 'offered'].includes(phase))
  const moving = items.filter(({ phase }) => phase === 'running' || phase === 'queued')
  const speed = moving.length === 0 ? null : speedOf(meter.all)
  return {
    files: items.length,
    active: items.filter(isActive).length,
    stored: count('stored'),
    failed: count('failed'),
    paused: count('paused'),
    waiting: count('waiting'),
    offered: count('offered'),
    size: sum(counted, ({ size }) => size),
    sent: sum(counted, sentBytes),
    speed,
    secondsLeft: secondsLeft(
      sum(moving, (item) => item.size - sentBytes(item)),
      speed,
    ),
  }
}
