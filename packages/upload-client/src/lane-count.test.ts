import { describe, expect, it } from 'vitest'
import {
  LANES_AT_FIRST,
  LANES_AT_MOST,
  laneConfirmed,
  laneFailed,
  startLanes,
  type LaneCount,
} from './lane-count.ts'

const PART = 1_000
const SLOW = { bytes: PART, milliseconds: 1_000 }
const FAST = { bytes: PART, milliseconds: 999 }

/** Parts arriving at the rate that so many lanes reach, until the lanes have been judged so often. */
function measure(rateOf: (lanes: number) => number, times: number, from = startLanes(0)): LaneCount {
  let [count, now] = [from, from.window.startedAt]
  for (let judged = 0; judged < times;) {
    now += PART / rateOf(count.lanes)
    count = laneConfirmed(count, SLOW, now)
    if (count.window.parts === 0) judged += 1
  }
  return count
}

describe('the number of parts on their way at once', () => {
  it('grows to its most while each further one makes it faster', () => {
    expect(measure((lanes) => lanes * 10, 1).lanes).toBe(LANES_AT_FIRST + 1)
    expect(measure((lanes) => lanes * 10, 20).lanes).toBe(LANES_AT_MOST)
  })

  it('stays where further ones make nothing faster', () => {
    expect(measure((lanes) => Math.min(lanes, 4) * 10, 20).lanes).toBe(5)
    expect(measure(() => 10, 20).lanes).toBe(LANES_AT_FIRST + 1)
  })

  it('shrinks with each failure, never below one, and grows again when the line is well', () => {
    let count = measure((lanes) => lanes * 10, 20)
    for (const expected of [5, 4, 3, 2, 1, 1]) {
      count = laneFailed(count, 0)
      expect(count.lanes).toBe(expected)
    }
    expect(measure((lanes) => lanes * 10, 20, count).lanes).toBe(LANES_AT_MOST)
  })

  it('is at its most at once when the very first part shows a fast line, and only then', () => {
    expect(laneConfirmed(startLanes(0), FAST, 1).lanes).toBe(LANES_AT_MOST)
    const second = laneConfirmed(laneConfirmed(startLanes(0), SLOW, 1), FAST, 2)
    expect(second.lanes).toBe(LANES_AT_FIRST)
    expect(laneConfirmed(laneFailed(startLanes(0), 1), FAST, 2).lanes).toBe(LANES_AT_FIRST - 1)
  })

  it('is not judged by a single part', () => {
    expect(laneConfirmed(startLanes(0), SLOW, 1).lanes).toBe(LANES_AT_FIRST)
  })
})
