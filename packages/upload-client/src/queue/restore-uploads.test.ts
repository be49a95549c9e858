/** That a queue goes on with what another page, or another browser, left unfinished. */
import { describe, expect, it } from 'vitest'
import {
  createQueue,
  createStore,
  file,
  files,
  leftBehind,
  PLACE,
  settle,
  storedFile,
} from '../../test/driven-queue.ts'

describe('what is kept for after a reload', () => {
  it('is every upload until it is stored or taken away, with its file', async () => {
    const { queue, uploads, idOf, named } = createQueue()
    const { store, kept } = createStore()
    queue.keepIn(store)
    await queue.add(PLACE, files('a', 'b'))
    await expect.poll(() => kept.size).toBe(2)
    expect([...kept.values()][0]).toMatchObject({ name: 'a', held: false, source: { kind: 'bytes' } })
    expect(named('a')?.safe).toBe(true)
    queue.pause(idOf('b'))
    await expect.poll(() => kept.get(idOf('b'))?.held).toBe(true)
    uploads[0]?.resolve(storedFile('a'))
    await expect.poll(() => [...kept.keys()]).toEqual([idOf('b')])
    queue.remove(idOf('b'))
    await expect.poll(() => kept.size).toBe(0)
  })

  it('goes on by itself, under the same key, when its bytes were kept', async () => {
    const { queue, uploads, named } = createQueue()
    const before = file('a')
    const upload = await leftBehind(before, { source: { kind: 'bytes', bytes: before.source } })
    queue.keepIn(createStore([upload]).store)
    await expect.poll(() => uploads.length).toBe(1)
    expect(uploads[0]?.request).toMatchObject({ name: 'a', idempotencyKey: 'key-of-before' })
    expect(named('a')).toMatchObject({ phase: 'running', goesOn: true, safe: true })
  })

  it('stays paused when it was paused', async () => {
    const { queue, uploads, named } = createQueue()
    const before = file('a')
    const source = { kind: 'bytes', bytes: before.source } as const
    queue.keepIn(createStore([await leftBehind(before, { source, held: true })]).store)
    await expect.poll(() => named('a')?.phase).toBe('paused')
    expect(uploads).toEqual([])
  })

  it('waits for its file when nothing was kept of that, and knows it when it is picked again', async () => {
    const { queue, uploads, named, idOf } = createQueue()
    queue.keepIn(createStore([await leftBehind(file('a', 30))]).store)
    await settle()
    expect(named('a')).toMatchObject({ phase: 'waiting', need: 'file' })
    expect(await queue.provide(idOf('a'), file('other.txt', 31))).toBe(false)
    expect(named('a')?.error).toBe('“other.txt” is not the “a” that was begun: it has another size.')
    const forged = { name: 'a', source: new File(['y'.repeat(30)], 'a', { lastModified: 5 }) }
    expect(await queue.provide(idOf('a'), forged)).toBe(false)
    expect(named('a')?.error).toContain('its content is another')
    expect(await queue.provide(idOf('a'), file('a', 30))).toBe(true)
    await settle()
    expect(uploads[0]?.request.idempotencyKey).toBe('key-of-before')
    expect(named('a')).toMatchObject({ phase: 'running', error: null, need: null })
  })

  it('goes on, and does not begin anew, when its file is added to the same place', async () => {
    const { queue, uploads } = createQueue()
    queue.keepIn(createStore([await leftBehind(file('a', 30))]).store)
    await settle()
    await queue.add(PLACE, [file('b', 30), file('a', 30)])
    await settle()
    const keys = Object.fromEntries(uploads.map(({ request }) => [request.name, request.idempotencyKey]))
    expect(keys['a']).toBe('key-of-before')
    expect(queue.items()).toHaveLength(2)
  })

  it('asks for leave to read where the browser wants that, and then goes on', async () => {
    const { queue, uploads, named } = createQueue()
    const before = file('a')
    let permission: PermissionState = 'prompt'
    const handle = {
      kind: 'file',
      name: 'a',
      getFile: async () => before.source,
      queryPermission: async () => permission,
      requestPermission: async () => (permission = 'granted'),
    } as unknown as FileSystemFileHandle
    queue.keepIn(createStore([await leftBehind(before, { source: { kind: 'handle', handle } })]).store)
    await expect.poll(() => named('a')?.need).toBe('permission')
    expect(uploads).toEqual([])
    await queue.askToRead()
    await expect.poll(() => uploads.length).toBe(1)
  })

  it('is told to the server when it is not wanted any more', async () => {
    const discarded: string[] = []
    const { queue, idOf } = createQueue({
      discard: async ({ idempotencyKey }) => discarded.push(idempotencyKey),
    })
    queue.addFromElsewhere([await leftBehind(file('a'))])
    queue.remove(idOf('a'))
    expect(discarded).toEqual(['key-of-before'])
  })

  it('is not listed twice when both this browser and the server know it', async () => {
    const { queue } = createQueue()
    queue.keepIn(createStore([await leftBehind(file('a'))]).store)
    queue.addFromElsewhere([await leftBehind(file('a'), { id: 'from-server' })])
    expect(queue.items().map(({ id }) => id)).toEqual(['left-a'])
  })
})
