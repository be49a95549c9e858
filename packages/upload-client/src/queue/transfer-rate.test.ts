/** That speeds and times are those of the line, whatever the counts do. */
import type { ProjectId } from '@studio/contracts/project'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queuedItem } from './queued-file.ts'
import { IDLE_METER, look, secondsLeft, speedOf, totalsOf, type Meter } from './transfer-rate.ts'
import type { UploadItem } from './upload-item.ts'

const SIZE = 100_000

function running(id: string, loaded: number, change: Partial<UploadItem> = {}): UploadItem {
  const place = { target: { projectId: 'project00000000' as ProjectId }, place: 'Project' }
  const fresh = queuedItem(place, { source: new Blob([]), name: id })
  return { ...fresh, id, size: SIZE, phase: 'running', stage: 'uploading', loaded, ...change }
}

/** Looks every half second at what the uploads have sent by then. */
function watch(looks: readonly (readonly UploadItem[])[]): Meter {
  return looks.reduce((meter, items, index) => look(meter, items, index * 500), IDLE_METER)
}

describe('speeds', () => {
  it('are not told before a second has passed', () => {
    expect(speedOf(watch([[running('a', 0)], [running('a', 500)]]).byItem.get('a'))).toBeNull()
  })

  it('are bytes a second over the last five seconds', () => {
    const slow = Array.from({ length: 20 }, (_, index) => [running('a', index * 50)])
    const quick = Array.from({ length: 11 }, (_, index) => [running('a', 950 + (index + 1) * 500)])
    const meter = watch([...slow, ...quick])
    expect(speedOf(meter.byItem.get('a'))).toBeCloseTo(1000)
    expect(speedOf(meter.all)).toBeCloseTo(1000)
  })

  it('fall to nothing when nothing moves', () => {
    const stalled = Array.from({ length: 14 }, () => [running('a', 5000)])
    expect(speedOf(watch([[running('a', 0)], ...stalled]).all)).toBe(0)
  })

  it('do not count what an earlier page had sent', () => {
    const loads = [0, 50_000, 50_100, 50_200, 50_300]
    const meter = watch(loads.map((loaded) => [running('a', loaded, { goesOn: true })]))
    expect(speedOf(meter.all)).toBeCloseTo(150)
    expect(speedOf(meter.byItem.get('a'))).toBeCloseTo(200)
  })

  it('count files that come and go between two looks, once each', () => {
    const stored = (id: string) => running(id, SIZE, { phase: 'stored' })
    const meter = watch([
      [running('a', 0), stored('earlier')],
      [stored('a'), stored('earlier')],
      [stored('a'), stored('b'), stored('earlier')],
      [stored('a'), stored('b'), stored('earlier')],
      [stored('a'), stored('b'), stored('earlier')],
    ])
    expect(speedOf(meter.all)).toBeCloseTo(SIZE)
  })

  it('are never negative, whatever the counts do', () => {
    const counts = fc.array(fc.array(fc.nat(SIZE), { minLength: 3, maxLength: 3 }), { maxLength: 40 })
    fc.assert(
      fc.property(counts, fc.boolean(), (looks, goesOn) => {
        const meter = watch(
          looks.map((loads) => loads.map((loaded, id) => running(String(id), loaded, { goesOn }))),
        )
        for (const samples of [meter.all, ...meter.byItem.values()]) {
          expect(speedOf(samples) ?? 0).toBeGreaterThanOrEqual(0)
          expect(samples.length).toBeLessThanOrEqual(12)
        }
      }),
    )
  })
})

describe('secondsLeft', () => {
  it('rounds up, and is unknown while nothing moves', () => {
    expect(secondsLeft(1001, 1000)).toBe(2)
    expect(secondsLeft(1001, 0)).toBeNull()
    expect(secondsLeft(1001, null)).toBeNull()
  })
})

describe('totals', () => {
  it('leave failed and waiting files out of the bytes, and paused ones out of the time', () => {
    const items = [
      running('running', 40_000),
      running('stored', SIZE, { phase: 'stored' }),
      running('failed', 0, { phase: 'failed' }),
      running('waiting', 0, { phase: 'waiting' }),
      running('paused', 10_000, { phase: 'paused' }),
    ]
    const second = items.map((item) => (item.id === 'running' ? { ...item, loaded: 60_000 } : item))
    const totals = totalsOf(second, watch([items, items, second]))
    expect(totals).toMatchObject({
      files: 5,
      active: 3,
      stored: 1,
      failed: 1,
      paused: 1,
      waiting: 1,
      size: 3 * SIZE,
      sent: SIZE + 60_000 + 10_000,
    })
    expect(totals.secondsLeft).toBe(Math.ceil(40_000 / (totals.speed ?? Number.NaN)))
  })
})
