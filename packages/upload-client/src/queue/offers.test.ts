/** What comes of asking, before files are sent, whether they are there already or were begun before. */
import { createHash } from 'node:crypto'
import { StudioError } from '@studio/contracts/studio-error'
import { SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import type { DuplicateOffer, FindDuplicates, PendingUpload } from '@studio/contracts/pending-upload'
import { describe, expect, it, vi } from 'vitest'
import {
  createQueue,
  createStore,
  file,
  files,
  leftBehind,
  PLACE,
  settle,
  storedFile,
  TARGET,
} from '../../test/driven-queue.ts'
import type { QueuedFile } from './queued-file.ts'

const NONE: DuplicateOffer = { kind: 'none' }
const here = (id: string): DuplicateOffer => ({ kind: 'already-here', file: storedFile(id) })

const LARGE = SINGLE_PUT_MAX_BYTES + 1
const large = (name = 'large'): QueuedFile => ({ name, source: new File([new Uint8Array(LARGE)], name) })

function begun(name: string, change: Partial<PendingUpload['request']> = {}): DuplicateOffer {
  const request = { name, size: LARGE, mimeType: 'video/mp4', idempotencyKey: 'key-of-before' }
  const upload = {
    fileId: storedFile('begun').fileId,
    request: { ...request, ...TARGET, usage: 'attachment', path: 'day 1', ...change },
    transport: 'multipart',
    begunAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-08T00:00:00Z',
    confirmedBytes: 700,
  } as const
  return { kind: 'continue', upload }
}

/** Answers by the name of each file. */
function createAskingQueue(answers: Record<string, DuplicateOffer>, store = createStore().store) {
  const asked: FindDuplicates[] = []
  const queue = createQueue({
    fileMaxBytes: () => 2 * LARGE,
    findDuplicates: async (question) => {
      asked.push(question)
      return { offers: question.items.map(({ name }) => answers[name] ?? NONE) }
    },
  })
  queue.queue.keepIn(store)
  return { ...queue, asked }
}

describe('a file that the project has already', () => {
  it('is offered before a byte of it is sent, the others go on, and nobody asks about an empty one', async () => {
    const { queue, asked, named, begun: started } = createAskingQueue({ b: here('b') })
    const heard: string[][] = []
    queue.on('offered', (items) => heard.push(items.map(({ name }) => name)))
    await queue.add(PLACE, [...files('a', 'b', 'c'), file('empty', 0)])
    await expect.poll(() => started().toSorted()).toEqual(['a', 'c', 'empty'])
    const sha256 = createHash('sha256').update('xxx').digest('hex')
    const { projectId, cardId } = TARGET
    const items = ['a', 'b', 'c'].map((name) => ({ name, size: 3, cardId, sha256 }))
    expect(asked).toEqual([{ projectId, items }])
    expect(named('b')).toMatchObject({ phase: 'offered', offer: { file: storedFile('b'), among: 4 } })
    expect(queue.totals()).toMatchObject({ offered: 1, active: 4, size: 6 })
    expect(heard).toEqual([['b']])
  })

  it('is sent when somebody insists, taken away when not, and not kept for after a reload before that', async () => {
    const { store, kept } = createStore()
    const { queue, idOf, named, begun: started } = createAskingQueue({ a: here('a'), b: here('b') }, store)
    await queue.add(PLACE, files('a', 'b', 'c'))
    await expect.poll(() => [...kept.values()].map(({ name }) => name)).toEqual(['c'])
    expect(started()).toEqual(['c'])
    queue.uploadAnyway(idOf('a'))
    await expect.poll(started).toEqual(['c', 'a'])
    expect(named('a')).toMatchObject({ phase: 'running', offer: null, goesOn: false })
    await expect.poll(() => kept.has(idOf('a'))).toBe(true)
    queue.skipOffered()
    expect(queue.items().map(({ name }) => name)).toEqual(['a', 'c'])
  })

  it('is one of many: all are sent with one word', async () => {
    const { queue, begun: started } = createAskingQueue({ a: here('a'), b: here('b') })
    await queue.add(PLACE, files('a', 'b', 'c'))
    await expect.poll(() => queue.totals().offered).toBe(2)
    queue.uploadAllOffered()
    await expect.poll(() => started().toSorted()).toEqual(['a', 'b', 'c'])
  })

  it('is asked about a hundred at a time', async () => {
    const { queue, asked } = createAskingQueue({})
    await queue.add(PLACE, files(...Array.from({ length: 250 }, (_, index) => `frame-${index}`)))
    await expect.poll(() => asked.map(({ items }) => items.length)).toEqual([100, 100, 50])
  })
})

describe('an upload that was begun before', () => {
  it('goes on with its key, its folder and its type, and says from where', async () => {
    const { store, kept } = createStore()
    const { queue, uploads, named, idOf } = createAskingQueue({ large: begun('large') }, store)
    await queue.add(PLACE, [large()])
    await expect.poll(() => uploads.length).toBe(1)
    expect(uploads[0]?.request).toMatchObject({
      idempotencyKey: 'key-of-before',
      mimeType: 'video/mp4',
      target: { path: 'day 1' },
    })
    expect(named('large')).toMatchObject({ continuedFrom: 700, goesOn: true })
    await expect.poll(() => kept.get(idOf('large'))?.idempotencyKey).toBe('key-of-before')
  })

  it.each([
    ['was begun as something else', { usage: 'preview' }],
    ['was hashed as a whole, which this one is not', { sha256: 'a'.repeat(64) }],
  ] as const)('is left alone when it %s', async (_why, change) => {
    const { queue, uploads } = createAskingQueue({ large: begun('large', change) })
    await queue.add(PLACE, [large()])
    await expect.poll(() => uploads.length).toBe(1)
    expect(uploads[0]?.request.idempotencyKey).not.toBe('key-of-before')
  })

  it('is not run twice by the same queue: one row goes on, also when it was paused', async () => {
    const { queue, uploads, idOf, named } = createAskingQueue({ large: begun('large') })
    await queue.add(PLACE, [large()])
    await expect.poll(() => uploads.length).toBe(1)
    const first = idOf('large')
    queue.pause(first)
    const joined: string[] = []
    queue.on('joined', ({ id }) => joined.push(id))
    await queue.add(PLACE, [large()])
    await expect.poll(() => joined).toEqual([first])
    expect(queue.items().map(({ id }) => id)).toEqual([first])
    await expect.poll(() => named('large')?.phase).toBe('running')
    expect(uploads).toHaveLength(1)
  })

  it('is told to the server when it is taken away before it ran', async () => {
    const discarded: string[] = []
    const { queue, idOf, named } = createQueue({
      concurrency: 0,
      fileMaxBytes: () => 2 * LARGE,
      findDuplicates: async () => ({ offers: [begun('large')] }),
      discard: async ({ idempotencyKey }) => discarded.push(idempotencyKey),
    })
    await queue.add(PLACE, [large()])
    await expect.poll(() => named('large')?.goesOn).toBe(true)
    queue.remove(idOf('large'))
    expect(discarded).toEqual(['key-of-before'])
  })
})

describe('an answer', () => {
  it('that fails holds nothing up', async () => {
    const findDuplicates = () => Promise.reject(new StudioError('REGISTRY_UNAVAILABLE'))
    const { queue, begun: started } = createQueue({ findDuplicates })
    await queue.add(PLACE, files('a'))
    await expect.poll(started).toEqual(['a'])
  })

  it('that comes too late is not heard any more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let answer: (offers: { offers: DuplicateOffer[] }) => void = () => undefined
      const asking = new Promise<{ offers: DuplicateOffer[] }>((resolve) => (answer = resolve))
      const { queue, named, begun: started } = createQueue({ findDuplicates: () => asking })
      await queue.add(PLACE, files('a'))
      await settle()
      expect(started()).toEqual([])
      await vi.advanceTimersByTimeAsync(1_000)
      await settle()
      expect(started()).toEqual(['a'])
      answer({ offers: [here('a')] })
      await settle()
      expect(named('a')?.phase).toBe('running')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a file that changed on the disk', () => {
  const unreadable = (name: string): QueuedFile => {
    const source = new File(['old'], name)
    source.slice = () => {
      throw new DOMException('It changed', 'NotReadableError')
    }
    return { name, source }
  }
  const changed = new StudioError('SIZE_MISMATCH')

  it('is asked for again when its upload is tried again, and sent from the beginning', async () => {
    const { queue, uploads, idOf, named } = createQueue()
    await queue.add(PLACE, [unreadable('a')])
    await settle()
    uploads[0]?.reject(changed)
    await settle()
    queue.retry(idOf('a'))
    await expect.poll(() => named('a')).toMatchObject({ phase: 'waiting', need: 'changed', error: null })
    expect(await queue.provide(idOf('a'), file('a', 30))).toBe(true)
    await expect.poll(() => uploads.length).toBe(2)
    expect(named('a')).toMatchObject({ size: 30, goesOn: false, need: null })
    expect(uploads[1]?.request.idempotencyKey).not.toBe(uploads[0]?.request.idempotencyKey)
  })

  it('is taken as it is now where its handle is known', async () => {
    const { queue, uploads, idOf, named } = createQueue()
    const now = file('a', 40).source
    const handle = { kind: 'file', name: 'a', getFile: async () => now } as unknown as FileSystemFileHandle
    await queue.add(PLACE, [{ ...unreadable('a'), handle }])
    await settle()
    uploads[0]?.reject(changed)
    await settle()
    queue.retry(idOf('a'))
    await expect.poll(() => uploads.length).toBe(2)
    expect(uploads[1]?.request.source).toBe(now)
    expect(named('a')).toMatchObject({ phase: 'running', size: 40 })
  })

  it('is asked for again after a reload, and what was begun of the old one is discarded', async () => {
    const discarded: string[] = []
    const { queue, uploads, named } = createQueue({
      discard: async ({ idempotencyKey }) => discarded.push(idempotencyKey),
    })
    const handle = { kind: 'file', name: 'a', getFile: async () => file('a', 31).source }
    const source = { kind: 'handle', handle: handle as unknown as FileSystemFileHandle } as const
    queue.keepIn(createStore([await leftBehind(file('a', 30), { source })]).store)
    await expect.poll(() => named('a')).toMatchObject({ phase: 'waiting', need: 'changed' })
    await queue.add(PLACE, [file('a', 31)])
    await expect.poll(() => uploads.length).toBe(1)
    expect(queue.items()).toHaveLength(1)
    expect(discarded).toEqual(['key-of-before'])
    expect(uploads[0]?.request.idempotencyKey).not.toBe('key-of-before')
  })
})
