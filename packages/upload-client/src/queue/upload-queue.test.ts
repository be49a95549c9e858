/** That the queue runs a few uploads at a time, and that what a person does to one reaches that one. */
import { StudioError } from '@studio/contracts/studio-error'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQueue, file, files, MAX, PLACE, settle, storedFile, TARGET } from '../../test/driven-queue.ts'

describe('the queue', () => {
  it('runs three at a time and the others in their order', async () => {
    const { queue, uploads, begun } = createQueue()
    await queue.add(PLACE, files('a', 'b', 'c', 'd', 'e'))
    await settle()
    expect(begun()).toEqual(['a', 'b', 'c'])
    uploads[1]?.resolve(storedFile('b'))
    await settle()
    expect(begun()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('hands on name, type, place, folder and progress', async () => {
    const { queue, uploads, named } = createQueue()
    await queue.add(PLACE, [{ ...file('présentation 最終版 🎬.txt'), path: 'raw/day 1' }])
    await settle()
    expect(uploads[0]?.request).toMatchObject({
      name: 'présentation 最終版 🎬.txt',
      mimeType: 'text/plain',
      target: { ...TARGET, path: 'raw/day 1' },
    })
    uploads[0]?.request.onProgress?.({ phase: 'uploading', loaded: 2, total: 3 })
    expect(named('présentation 最終版 🎬.txt')).toMatchObject({ stage: 'uploading', loaded: 2 })
  })

  it('refuses a file that is too large without starting it', async () => {
    const { queue, named, begun } = createQueue()
    await queue.add(PLACE, [file('large', MAX + 1), file('fits', MAX)])
    await settle()
    expect(begun()).toEqual(['fits'])
    expect(named('large')).toMatchObject({ phase: 'failed', retryable: false, error: 'Up to 1000.' })
  })

  it('stops a running upload that is taken away, and starts the next', async () => {
    const { queue, uploads, idOf, begun } = createQueue()
    await queue.add(PLACE, files('a', 'b', 'c', 'd', 'e'))
    await settle()
    queue.remove(idOf('e'))
    queue.remove(idOf('a'))
    await settle()
    expect(uploads[0]?.log).toEqual(['abort'])
    expect(begun()).toEqual(['a', 'b', 'c', 'd'])
    expect(queue.items().map(({ name }) => name)).toEqual(['b', 'c', 'd'])
  })

  it('gives the lane of a paused upload to the next, and goes on with it when there is a lane again', async () => {
    const { queue, uploads, idOf, named, begun } = createQueue({ concurrency: 1 })
    await queue.add(PLACE, files('a', 'b'))
    await settle()
    queue.pause(idOf('a'))
    await settle()
    expect(begun()).toEqual(['a', 'b'])
    queue.resume(idOf('a'))
    expect(named('a')?.phase).toBe('queued')
    uploads[1]?.resolve(storedFile('b'))
    await settle()
    expect(uploads[0]?.log).toEqual(['pause', 'resume'])
    expect(named('a')?.phase).toBe('running')
    expect(begun()).toEqual(['a', 'b'])
  })

  it('pauses and resumes all', async () => {
    const { queue, uploads, begun } = createQueue({ concurrency: 2 })
    await queue.add(PLACE, files('a', 'b', 'c', 'd'))
    await settle()
    queue.pauseAll()
    await settle()
    expect(queue.items().map(({ phase }) => phase)).toEqual(Array.from({ length: 4 }, () => 'paused'))
    expect(begun()).toEqual(['a', 'b'])
    queue.resumeAll()
    await settle()
    expect(uploads.map(({ log }) => log)).toEqual([
      ['pause', 'resume'],
      ['pause', 'resume'],
    ])
  })

  it('shows the words of a failure, and tries again with the same file and key', async () => {
    const { queue, uploads, idOf, named } = createQueue()
    await queue.add(PLACE, files('a'))
    await settle()
    uploads[0]?.reject(new StudioError('STORE_UNAVAILABLE'))
    await settle()
    expect(named('a')).toMatchObject({
      phase: 'failed',
      error: new StudioError('STORE_UNAVAILABLE').message,
    })
    queue.retry(idOf('a'))
    await settle()
    expect(uploads[1]?.request.source).toBe(uploads[0]?.request.source)
    expect(uploads[1]?.request.idempotencyKey).toBe(uploads[0]?.request.idempotencyKey)
  })

  it('tells each thing once, to those who asked for it', async () => {
    const { queue, uploads } = createQueue()
    const heard: string[] = []
    const names = ['added', 'started', 'progress', 'paused', 'failed', 'removed'] as const
    for (const name of names) queue.on(name, () => heard.push(name))
    queue.on('stored', ({ file: { fileId } }) => heard.push(fileId))
    const stop = queue.on('started', () => heard.push('never'))
    stop()
    await queue.add(PLACE, files('a'))
    await settle()
    uploads[0]?.request.onProgress?.({ phase: 'uploading', loaded: 2, total: 3 })
    uploads[0]?.resolve(storedFile('a'))
    await settle()
    queue.clearFinished()
    expect(heard).toEqual(['added', 'started', 'progress', storedFile('a').fileId, 'removed'])
  })

  it('stops and forgets everything when it is cleared', async () => {
    const { queue, uploads } = createQueue()
    await queue.add(PLACE, files('a', 'b', 'c', 'd'))
    await settle()
    queue.clear()
    await settle()
    expect(queue.items()).toEqual([])
    expect(uploads.map(({ log }) => log)).toEqual([['abort'], ['abort'], ['abort']])
  })

  it('never runs more than it may, loses none and starts none twice, whatever people do', async () => {
    const steps = fc.array(
      fc.tuple(
        fc.constantFrom(
          'add',
          'pause',
          'resume',
          'retry',
          'remove',
          'store',
          'fail',
          'pauseAll',
          'resumeAll',
        ),
        fc.nat(5),
      ),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { queue, uploads } = createQueue({ concurrency: 2 })
        for (const [step, index] of taken) {
          const id = queue.items()[index]?.id ?? ''
          const upload = uploads[index]
          if (step === 'add') await queue.add(PLACE, files('a', 'b'))
          else if (step === 'store') upload?.resolve(storedFile(String(index)))
          else if (step === 'fail') upload?.reject(new StudioError('STORE_UNAVAILABLE'))
          else if (step === 'pauseAll' || step === 'resumeAll') queue[step]()
          else queue[step](id)
          await settle()
          const running = queue.items().filter(({ phase }) => phase === 'running').length
          const queued = queue.items().filter(({ phase }) => phase === 'queued').length
          expect(running).toBeLessThanOrEqual(2)
          // Nobody waits while there is room.
          expect(queued === 0 || running === 2).toBe(true)
        }
        const lives = uploads.map(({ request }) => request.idempotencyKey)
        const failures = taken.filter(([step]) => step === 'retry').length
        expect(lives.length - new Set(lives).size).toBeLessThanOrEqual(failures)
      }),
      { numRuns: 60 },
    )
  })
})
