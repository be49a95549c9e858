/** When something changed, as one says it. */
import { describe, expect, it } from 'vitest'
import { describeUpdated } from './describe-updated.ts'

const NOW = new Date('2026-11-22T12:00:00.000Z')

describe('describeUpdated', () => {
  it.each([
    ['2026-11-22T12:00:30.000Z', 'just now'],
    ['2026-11-22T11:59:01.000Z', 'just now'],
    ['2026-11-22T11:55:00.000Z', '5 minutes ago'],
    ['2026-11-22T09:00:00.000Z', '3 hours ago'],
    ['2026-11-21T11:00:00.000Z', 'yesterday'],
    ['2026-11-18T11:00:00.000Z', '4 days ago'],
    ['2026-10-03T12:00:00.000Z', 'Oct 3'],
    ['2025-10-03T12:00:00.000Z', 'Oct 3, 2025'],
  ])('says of %s: %s', (updated, words) => {
    expect(describeUpdated(updated, NOW)).toBe(words)
  })
})
