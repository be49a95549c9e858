import { describe, expect, it, vi } from 'vitest'
import { StudioError } from '@studio/contracts/studio-error'
import { createDecisionCache } from './decision-cache.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

function setup(maxEntries = 10) {
  const clock = { time: 0 }
  const cache = createDecisionCache<string>({ now: () => clock.time, maxEntries })
  return { clock, cache }
}

const answers = (decision: string) => vi.fn(async () => decision)
const isAway = () => vi.fn(async () => Promise.reject(new StudioError('RECORDS_UNAVAILABLE')))
const refuses = () => vi.fn(async () => Promise.reject(new StudioError('UNAUTHENTICATED')))

describe('a decision while the authority answers', () => {
  it('is not asked for again within ten seconds, and is asked for afterwards', async () => {
    const { clock, cache } = setup()
    const ask = answers('yes')
    await cache.get('a', ask)
    clock.time = 10 * SECOND - 1
    expect(await cache.get('a', ask)).toBe('yes')
    expect(ask).toHaveBeenCalledTimes(1)
    clock.time = 10 * SECOND
    expect(await cache.get('a', answers('no longer'))).toBe('no longer')
  })

  it('is asked for once by everyone who wants it at the same time', async () => {
    const { cache } = setup()
    const ask = answers('yes')
    const decisions = await Promise.all([cache.get('a', ask), cache.get('a', ask), cache.get('a', ask)])
    expect(decisions).toEqual(['yes', 'yes', 'yes'])
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('is kept apart by key', async () => {
    const { cache } = setup()
    await cache.get('a', answers('for a'))
    expect(await cache.get('b', answers('for b'))).toBe('for b')
    expect(await cache.get('a', refuses())).toBe('for a')
  })

  it('can be taken from another answer', async () => {
    const { cache } = setup()
    cache.remember('a', 'seen in a list')
    expect(await cache.get('a', refuses())).toBe('seen in a list')
  })

  it('is asked for again when it was forgotten', async () => {
    const { cache } = setup()
    await cache.get('a', answers('old'))
    cache.forget('a')
    expect(await cache.get('a', answers('new'))).toBe('new')
  })

  it('is forgotten when the authority refuses, and a refusal is never remembered', async () => {
    const { clock, cache } = setup()
    await cache.get('a', answers('yes'))
    clock.time = 10 * SECOND
    await expect(cache.get('a', refuses())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(cache.get('a', isAway())).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
    expect(await cache.get('a', answers('welcome back'))).toBe('welcome back')
  })
})

describe('a decision while the authority is away', () => {
  it('holds for ten minutes from the last time it was confirmed, and no longer', async () => {
    const { clock, cache } = setup()
    await cache.get('a', answers('yes'))
    clock.time = 10 * MINUTE - 1
    expect(await cache.get('a', isAway())).toBe('yes')
    clock.time = 10 * MINUTE + SECOND
    await expect(cache.get('a', isAway())).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
  })

  it('does not hold when there never was one', async () => {
    const { cache } = setup()
    await expect(cache.get('a', isAway())).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
  })

  it('is asked for at most once a second, so that a hanging authority does not slow every request', async () => {
    const { clock, cache } = setup()
    await cache.get('a', answers('yes'))
    clock.time = MINUTE
    const ask = isAway()
    await cache.get('a', ask)
    await cache.get('a', ask)
    expect(ask).toHaveBeenCalledTimes(1)
    clock.time = MINUTE + SECOND
    await cache.get('a', ask)
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it('is fresh again within a second of the return, a refusal included', async () => {
    const { clock, cache } = setup()
    await cache.get('a', answers('yes'))
    clock.time = MINUTE
    await cache.get('a', isAway())
    clock.time = MINUTE + SECOND
    await expect(cache.get('a', refuses())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('does not stand in for an error of any other kind', async () => {
    const { clock, cache } = setup()
    await cache.get('a', answers('yes'))
    clock.time = MINUTE
    const failure = new TypeError('a defect')
    await expect(cache.get('a', () => Promise.reject(failure))).rejects.toBe(failure)
  })
})

it('a full cache lets go of what was not used for longest', async () => {
  const { cache } = setup(2)
  await cache.get('a', answers('a'))
  await cache.get('b', answers('b'))
  await cache.get('a', answers('unused'))
  await cache.get('c', answers('c'))
  expect(await cache.get('a', answers('asked'))).toBe('a')
  expect(await cache.get('b', answers('asked'))).toBe('asked')
})
