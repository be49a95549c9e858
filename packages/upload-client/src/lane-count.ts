/** How many parts go up at once: more while that makes it faster, fewer when the line or the store complains. */

export const LANES_AT_FIRST = 3

/** Browsers open six connections to a server that speaks HTTP/1.1. */
export const LANES_AT_MOST = 6

/** Less than this is noise and not worth another connection. */
const WORTHWHILE_GROWTH = 1.1

/** A first part that takes less leaves no doubt about the line: measuring each step would outlast the upload. */
const FAST_MILLISECONDS = 1_000

export interface LaneCount {
  lanes: number
  /** Bytes per millisecond at the last growth; 0 when nothing is known of this line. */
  rate: number
  /** Nothing has arrived or failed so far. */
  isFirst: boolean
  /** What was confirmed since the measurement began. */
  window: { startedAt: number; bytes: number; parts: number }
}

export interface ArrivedPart {
  bytes: number
  /** From its first byte to the store's answer. */
  milliseconds: number
}

export function startLanes(now: number): LaneCount {
  return { lanes: LANES_AT_FIRST, rate: 0, isFirst: true, window: emptyWindow(now) }
}

/** A part has arrived. Judged once every lane has brought two, but for the very first. */
export function laneConfirmed(
  count: LaneCount,
  { bytes, milliseconds }: ArrivedPart,
  now: number,
): LaneCount {
  const { lanes, rate, window, isFirst } = count
  if (isFirst && milliseconds < FAST_MILLISECONDS) {
    return { lanes: LANES_AT_MOST, rate: 0, isFirst: false, window: emptyWindow(now) }
  }
  const sum = { ...window, bytes: window.bytes + bytes, parts: window.parts + 1 }
  if (sum.parts < 2 * lanes) return { ...count, isFirst: false, window: sum }
  const measured = sum.bytes / Math.max(1, now - sum.startedAt)
  const after = { isFirst: false, window: emptyWindow(now) }
  if (measured < rate * WORTHWHILE_GROWTH) return { lanes, rate, ...after }
  return { lanes: Math.min(LANES_AT_MOST, lanes + 1), rate: measured, ...after }
}

/** A part did not arrive. What was known of the line holds no more. */
export function laneFailed({ lanes }: LaneCount, now: number): LaneCount {
  return { lanes: Math.max(1, lanes - 1), rate: 0, isFirst: false, window: emptyWindow(now) }
}

function emptyWindow(now: number): LaneCount['window'] {
  return { startedAt: now, bytes: 0, parts: 0 }
}
