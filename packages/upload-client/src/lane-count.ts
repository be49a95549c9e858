/** How many parts go up at once: more while that makes it faster, fewer when the line or the store complains. */

export const LANES_AT_FIRST = 3

/** Browsers open six connections to a server that speaks HTTP/1.1. */
export const LANES_AT_MOST = 6

/** Less than this is noise and not worth another connection. */
const WORTHWHILE_GROWTH = 1.1

export interface LaneCount {
  lanes: number
  /** Bytes per millisecond at the last growth; 0 when nothing is known of this line. */
  rate: number
  /** What was confirmed since the measurement began. */
  window: { startedAt: number; bytes: number; parts: number }
}

export function startLanes(now: number): LaneCount {
  return { lanes: LANES_AT_FIRST, rate: 0, window: { startedAt: now, bytes: 0, parts: 0 } }
}

/** A part has arrived. Judged once every lane has brought two: a single one says little. */
export function laneConfirmed(count: LaneCount, bytes: number, now: number): LaneCount {
  const { lanes, rate, window } = count
  const sum = { ...window, bytes: window.bytes + bytes, parts: window.parts + 1 }
  if (sum.parts < 2 * lanes) return { ...count, window: sum }
  const fresh = { startedAt: now, bytes: 0, parts: 0 }
  const measured = sum.bytes / Math.max(1, now - sum.startedAt)
  if (measured < rate * WORTHWHILE_GROWTH) return { lanes, rate, window: fresh }
  return { lanes: Math.min(LANES_AT_MOST, lanes + 1), rate: measured, window: fresh }
}

/** A part did not arrive. What was known of the line holds no more. */
export function laneFailed({ lanes }: LaneCount, now: number): LaneCount {
  return { lanes: Math.max(1, lanes - 1), rate: 0, window: { startedAt: now, bytes: 0, parts: 0 } }
}
