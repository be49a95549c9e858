/** When the configuration is taken from the tab, and when it is asked for. */
import { describe, expect, it } from 'vitest'
import { CONFIG_MAX_AGE_MS, CONFIG_REFRESH_GAP_MS, createRuntimeConfigCache } from './runtime-config.ts'

const CONFIG = {
  pocketbaseUrl: 'http://127.0.0.1:8090',
  assetServiceUrl: 'http://127.0.0.1:4000',
  inlineMaxBytes: 1024,
  fileMaxBytes: 4096,
}
const MOVED = { ...CONFIG, pocketbaseUrl: 'http://127.0.0.1:9090' }

/** A tab's storage, a clock, and a server that answers what the test says. */
function createSurroundings() {
  const entries = new Map<string, string>()
  const world = { now: 1_000_000, answer: async (): Promise<unknown> => CONFIG, asked: 0 }
  const source = {
    storage: {
      getItem: (key: string) => entries.get(key) ?? null,
      setItem: (key: string, value: string) => void entries.set(key, value),
    },
    fetchConfig: () => {
      world.asked += 1
      return world.answer()
    },
    now: () => world.now,
  }
  return { world, entries, source, open: () => createRuntimeConfigCache(source) }
}

const unreachable = () => Promise.reject(new TypeError('Failed to fetch'))

describe('load', () => {
  it('asks once and answers from the tab after a reload', async () => {
    const { world, open } = createSurroundings()
    expect(await open().load()).toEqual(CONFIG)
    world.now += CONFIG_MAX_AGE_MS - 1
    expect(await open().load()).toEqual(CONFIG)
    expect(world.asked).toBe(1)
  })

  it('asks again once the age limit is reached', async () => {
    const { world, open } = createSurroundings()
    await open().load()
    world.now += CONFIG_MAX_AGE_MS
    world.answer = async () => MOVED
    expect(await open().load()).toEqual(MOVED)
  })

  it('asks again when the clock was set back to before the entry', async () => {
    const { world, open } = createSurroundings()
    await open().load()
    world.now -= 60_000
    await open().load()
    expect(world.asked).toBe(2)
  })

  it('falls back to an entry that is too old when nobody answers', async () => {
    const { world, open } = createSurroundings()
    await open().load()
    world.now += CONFIG_MAX_AGE_MS
    world.answer = unreachable
    expect(await open().load()).toEqual(CONFIG)
  })

  it('rejects when there is no entry and nobody answers', async () => {
    const { world, open } = createSurroundings()
    world.answer = unreachable
    await expect(open().load()).rejects.toThrow('Failed to fetch')
  })

  it('refuses an answer that is not a configuration, and keeps nothing of it', async () => {
    const { world, entries, open } = createSurroundings()
    world.answer = async () => ({ pocketbaseUrl: 'not a url' })
    await expect(open().load()).rejects.toThrow()
    expect(entries.size).toBe(0)
  })

  it('asks when the entry is damaged', async () => {
    const { world, entries, open } = createSurroundings()
    await open().load()
    for (const key of entries.keys()) entries.set(key, '{"fetchedAt":')
    await open().load()
    expect(world.asked).toBe(2)
  })

  it('works where storage is closed', async () => {
    const { source } = createSurroundings()
    const closed = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
    const cache = createRuntimeConfigCache({ ...source, storage: { getItem: closed, setItem: closed } })
    expect(await cache.load()).toEqual(CONFIG)
  })
})

describe('refresh', () => {
  it('asks although the entry is fresh, and keeps the answer for the next reload', async () => {
    const { world, open } = createSurroundings()
    const cache = open()
    await cache.load()
    world.now += CONFIG_REFRESH_GAP_MS
    world.answer = async () => MOVED
    expect(await cache.refresh()).toEqual(MOVED)
    expect(await open().load()).toEqual(MOVED)
  })

  it('asks once for a burst of failures', async () => {
    const { world, open } = createSurroundings()
    const cache = open()
    const answers = await Promise.all([cache.refresh(), cache.refresh(), cache.refresh()])
    expect(answers).toEqual([CONFIG, CONFIG, CONFIG])
    expect(await cache.refresh()).toEqual(CONFIG)
    expect(world.asked).toBe(1)
  })

  it('answers what is known when nobody answers', async () => {
    const { world, open } = createSurroundings()
    const cache = open()
    world.answer = unreachable
    expect(await cache.refresh()).toBeUndefined()
    world.now += CONFIG_REFRESH_GAP_MS
    world.answer = async () => CONFIG
    await cache.refresh()
    world.now += CONFIG_REFRESH_GAP_MS
    world.answer = unreachable
    expect(await cache.refresh()).toEqual(CONFIG)
  })
})
