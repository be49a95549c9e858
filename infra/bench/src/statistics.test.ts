/** Medians, ratios, turns and lanes. */

import { describe, expect, test } from 'vitest'
import { inLanes, interleave, medianOf, medianRatio, quantileOf } from './statistics.ts'

describe('a median', () => {
  test('is the middle value, whatever the order', () => expect(medianOf([9, 1, 5])).toBe(5))
  test('of an even number is the mean of the middle two', () => expect(medianOf([4, 1, 2, 100])).toBe(3))
  test('of nothing does not exist', () => expect(() => medianOf([])).toThrow(RangeError))
})

describe('a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  test('is the value that so many do not exceed', () => {
    expect(quantileOf(hundred, 0.95)).toBe(95)
    expect(quantileOf([7], 0.95)).toBe(7)
  })
  test('of nothing does not exist', () => expect(() => quantileOf([], 0.95)).toThrow(RangeError))
})

describe('a ratio', () => {
  test('is taken round by round, so that a slow round of both does not move it', () => {
    expect(medianRatio([50, 5, 50], [100, 10, 100])).toBe(0.5)
  })
  test('of unequal numbers of rounds does not exist', () => {
    expect(() => medianRatio([1], [1, 2])).toThrow(RangeError)
  })
})

test('contestants take turns, each round beginning with another', async () => {
  const order: string[] = []
  const contestant = (name: string) => async (round: number) => {
    order.push(`${name}${round}`)
    return round
  }
  const results = await interleave(3, { a: contestant('a'), b: contestant('b') })
  expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2'])
  expect(results).toEqual({ a: [0, 1, 2], b: [0, 1, 2] })
})

test('lanes work on so many items at once, and answer in the order of the items', async () => {
  let underWay = 0
  let most = 0
  const work = async (item: number) => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay -= 1
    return item * 10
  }
  expect(await inLanes([1, 2, 3, 4, 5], { lanes: 2, work })).toEqual([10, 20, 30, 40, 50])
  expect(most).toBe(2)
})
