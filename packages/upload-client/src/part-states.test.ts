import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areAllConfirmed,
  loadedBytes,
  nextPartStates,
  partRange,
  partsAt,
  startParts,
  type PartEvent,
  type PartStates,
} from './part-states.ts'

const PLAN = { size: 95, partSize: 10, partCount: 10 }
const LANES = 3
const sha256 = 'a'.repeat(64)
const address = { url: 'https://store.test/', headers: {}, receivedAt: 0 }

const partNumber = fc.integer({ min: 1, max: PLAN.partCount })
const events: fc.Arbitrary<PartEvent> = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map((count) => ({ name: 'opened' as const, count })),
  fc.integer({ min: 0, max: 6 }).map((lanes) => ({ name: 'lanes' as const, lanes })),
  fc
    .tuple(
      fc.constantFrom('hashing', 'sending', 'confirmed', 'stale', 'interrupted', 'failed', 'refused'),
      partNumber,
    )
    .map(([name, number]): PartEvent => ({ name, partNumber: number })),
  partNumber.map((number): PartEvent => ({ name: 'hashed', partNumber: number, sha256 })),
  partNumber.map((number): PartEvent => ({ name: 'signed', partNumber: number, address })),
  fc
    .tuple(partNumber, fc.integer({ min: 0, max: 20 }))
    .map(([number, loaded]): PartEvent => ({ name: 'progress', partNumber: number, loaded })),
)

type Check = (before: PartStates, event: PartEvent, after: PartStates) => void

/** Also after a run in which everything that can move one part forward is tried for each, so that ends are reached. */
function forEveryStep(check: Check): void {
  const forward = Array.from({ length: PLAN.partCount }, (_, index): PartEvent[] => [
    { name: 'hashing', partNumber: index + 1 },
    { name: 'hashed', partNumber: index + 1, sha256 },
    { name: 'signed', partNumber: index + 1, address },
    { name: 'sending', partNumber: index + 1 },
    { name: 'confirmed', partNumber: index + 1 },
  ]).flat()
  const runs = fc.tuple(fc.array(events, { maxLength: 120 }), fc.boolean())
  fc.assert(
    fc.property(runs, ([run, isFinished]) => {
      let state = startParts(PLAN, LANES)
      const rest: PartEvent[] = [{ name: 'opened', count: PLAN.partCount }, ...forward]
      for (const event of isFinished ? [...run, ...rest] : run) {
        const after = nextPartStates(state, event)
        check(state, event, after)
        state = after
      }
    }),
    { numRuns: 300 },
  )
}

describe('the parts of an upload', () => {
  it('are confirmed at most once each', () => {
    const seen = new Map<number, number>()
    forEveryStep((before, event, after) => {
      if (before.next === 1 && before.confirmedCount === 0) seen.clear()
      if (after.confirmedCount === before.confirmedCount) return
      expect(event.name).toBe('confirmed')
      if (event.name !== 'confirmed') return
      seen.set(event.partNumber, (seen.get(event.partNumber) ?? 0) + 1)
      expect(seen.get(event.partNumber)).toBe(1)
      expect(after.open.has(event.partNumber)).toBe(false)
    })
  })

  it('never add to those on their way beyond the lanes there are', () => {
    forEveryStep((before, _, after) => {
      const [from, to] = [partsAt(before, 'sending').length, partsAt(after, 'sending').length]
      if (to > from) expect(to).toBeLessThanOrEqual(after.lanes)
    })
  })

  it('are confirmed only after they were hashed, and never with an address that was not for their digest', () => {
    forEveryStep((before, event, after) => {
      if (after.confirmedCount === before.confirmedCount || event.name !== 'confirmed') return
      expect(['hashed', 'sending']).toContain(before.open.get(event.partNumber)?.stage)
    })
  })

  it('count confirmed bytes forwards only, to exactly the size of the file', () => {
    let ends = 0
    forEveryStep((before, _, after) => {
      expect(after.confirmedBytes).toBeGreaterThanOrEqual(before.confirmedBytes)
      expect(loadedBytes(after)).toBeLessThanOrEqual(PLAN.size)
      if (!areAllConfirmed(after)) return
      ends += 1
      expect(after).toMatchObject({ confirmedBytes: PLAN.size, next: PLAN.partCount + 1 })
      expect(after.open.size).toBe(0)
    })
    expect(ends).toBeGreaterThan(0)
  })

  it('are looked at one after the other, and forgotten when they are confirmed', () => {
    forEveryStep((before, _, after) => {
      expect(after.next).toBeGreaterThanOrEqual(before.next)
      expect(after.open.size + after.confirmedCount).toBe(after.next - 1)
    })
  })

  it('count each try that failed, and none that was stopped or whose address was stale', () => {
    forEveryStep((before, event, after) => {
      if (!('partNumber' in event)) return
      const [from, to] = [before.open.get(event.partNumber), after.open.get(event.partNumber)]
      if (from === undefined || to === undefined || from === to) return
      const isFailure = event.name === 'failed' || event.name === 'refused'
      expect(to.failures - from.failures).toBe(isFailure ? 1 : 0)
    })
  })

  it('lie end to end in the file', () => {
    const ranges = Array.from({ length: PLAN.partCount }, (_, index) => partRange(PLAN, index + 1))
    expect(ranges[0]).toEqual({ start: 0, end: 10 })
    expect(ranges.at(-1)).toEqual({ start: 90, end: 95 })
    for (const [index, { start }] of ranges.entries()) expect(start).toBe(ranges[index - 1]?.end ?? 0)
  })
})
