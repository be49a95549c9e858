import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffMilliseconds, sleepByTimer } from './back-off.ts'

describe('the wait between two tries', () => {
  it('doubles from try to try until it is capped', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => backOffMilliseconds(failures, () => 1))
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  it('is at least half of the longest and never above it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const longest = backOffMilliseconds(failures, () => 1)
          const wait = backOffMilliseconds(failures, () => chance)
          expect(wait).toBeGreaterThanOrEqual(longest / 2)
          expect(wait).toBeLessThanOrEqual(longest)
        },
      ),
    )
  })

  it('ends when the signal aborts, and does not begin when it has', async () => {
    const controller = new AbortController()
    const sleeping = sleepByTimer(60_000, controller.signal)
    controller.abort()
    await expect(sleeping).rejects.toHaveProperty('name', 'AbortError')
    await expect(sleepByTimer(60_000, controller.signal)).rejects.toHaveProperty('name', 'AbortError')
  })

  it('passes', async () => {
    await expect(sleepByTimer(1, new AbortController().signal)).resolves.toBeUndefined()
  })
})
