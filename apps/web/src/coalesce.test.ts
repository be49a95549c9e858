/** That a burst costs two runs, and that the last call is never left out. */
import { describe, expect, it } from 'vitest'
import { coalesce } from './coalesce.ts'

/** An effect whose runs end when the test says so. */
function createEffect() {
  const ends: ((error?: Error) => void)[] = []
  const effect = () =>
    new Promise<void>((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve() : reject(error)))
    })
  return { ends, effect }
}

/** Lets everything run that waits for nothing but a turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('coalesce', () => {
  it('runs at once', () => {
    const { ends, effect } = createEffect()
    coalesce(effect)()
    expect(ends).toHaveLength(1)
  })

  it('runs once more, after the first run, for all calls that came during it', async () => {
    const { ends, effect } = createEffect()
    const trigger = coalesce(effect)
    for (let call = 0; call < 50; call += 1) trigger()
    expect(ends).toHaveLength(1)
    ends[0]?.()
    await settle()
    expect(ends).toHaveLength(2)
    ends[1]?.()
    await settle()
    expect(ends).toHaveLength(2)
  })

  it('runs for a call that comes during the second run', async () => {
    const { ends, effect } = createEffect()
    const trigger = coalesce(effect)
    trigger()
    trigger()
    ends[0]?.()
    await settle()
    trigger()
    ends[1]?.()
    await settle()
    expect(ends).toHaveLength(3)
  })

  it('goes on after a run that failed', async () => {
    const { ends, effect } = createEffect()
    const trigger = coalesce(effect)
    trigger()
    ends[0]?.(new Error('away'))
    await settle()
    trigger()
    expect(ends).toHaveLength(2)
  })
})
