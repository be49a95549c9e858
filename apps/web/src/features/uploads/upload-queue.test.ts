/** That the queue runs a few uploads at a time, and that cancelling, failing and retrying reach the right one. */
import type { CardId } from '@studio/contracts/card'
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import { StudioError } from '@studio/contracts/studio-error'
import type { StoredFile } from '@studio/contracts/upload'
import type { UploadClient, UploadRequest } from '@studio/upload-client/upload-client'
import { describe, expect, it } from 'vitest'
import { countActive, createUploadQueue } from './upload-queue.ts'

const PLACE = { projectId: 'project00000000' as ProjectId, cardId: 'card00000000000' as CardId }
const MAX = 1000

interface Running {
  request: UploadRequest
  resolve: (file: StoredFile) => void
  reject: (error: unknown) => void
}

/** A queue whose uploads end when the test says so. */
function createQueue() {
  const uploads: Running[] = []
  const upload: UploadClient['upload'] = (request) =>
    new Promise((resolve, reject) => {
      request.signal?.addEventListener('abort', () => reject(new DOMException('Stopped', 'AbortError')))
      uploads.push({ request, resolve, reject })
    })
  const storedIn: ProjectId[] = []
  const queue = createUploadQueue({
    upload,
    fileMaxBytes: () => MAX,
    onStored: (projectId) => storedIn.push(projectId),
  })
  return { queue, uploads, storedIn, items: () => queue.store.getState().items }
}

const textFile = (name: string, size = 3) => new File(['x'.repeat(size)], name, { type: 'text/plain' })

function storedFile(id: string): StoredFile {
  const fileId = id.padEnd(15, '0') as FileId
  const facts = { name: id, mimeType: 'text/plain', size: 3, width: null, height: null }
  return { ...facts, fileId, sha256: 'a'.repeat(64), record: 'written' }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('createUploadQueue', () => {
  it('runs three at a time and the others in their order', async () => {
    const { queue, uploads } = createQueue()
    queue.add(
      PLACE,
      ['a', 'b', 'c', 'd', 'e'].map((name) => textFile(name)),
    )
    expect(uploads.map(({ request }) => request.name)).toEqual(['a', 'b', 'c'])
    uploads[1]?.resolve(storedFile('b'))
    await settle()
    expect(uploads.map(({ request }) => request.name)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('hands on name, type, place and progress', () => {
    const { queue, uploads, items } = createQueue()
    queue.add(PLACE, [textFile('présentation 最終版 🎬.txt')])
    expect(uploads[0]?.request).toMatchObject({
      name: 'présentation 最終版 🎬.txt',
      mimeType: 'text/plain',
      target: PLACE,
    })
    uploads[0]?.request.onProgress?.({ phase: 'uploading', loaded: 2, total: 3 })
    expect(items()[0]).toMatchObject({ phase: 'uploading', loaded: 2 })
  })

  it('says where something was stored, and waits for it to appear', async () => {
    const { queue, uploads, storedIn, items } = createQueue()
    queue.add(PLACE, [textFile('a')])
    uploads[0]?.resolve(storedFile('a'))
    await settle()
    expect(storedIn).toEqual([PLACE.projectId])
    expect(items()).toHaveLength(1)
    expect(countActive(items())).toBe(0)
    queue.appeared(new Set([storedFile('a').fileId]))
    expect(items()).toEqual([])
  })

  it('refuses a file that is too large without starting it, and says how large one may be', () => {
    const { queue, uploads, items } = createQueue()
    queue.add(PLACE, [textFile('large', MAX + 1), textFile('fits', MAX)])
    expect(uploads.map(({ request }) => request.name)).toEqual(['fits'])
    expect(items()[0]).toMatchObject({ phase: 'failed', retryable: false })
    expect(items()[0]?.error).toContain('1000 bytes')
  })

  it('stops a running upload that is taken away, and starts the next', async () => {
    const { queue, uploads, items } = createQueue()
    queue.add(
      PLACE,
      ['a', 'b', 'c', 'd'].map((name) => textFile(name)),
    )
    queue.remove(items()[0]?.id ?? '')
    expect(uploads[0]?.request.signal?.aborted).toBe(true)
    await settle()
    expect(items().map(({ name }) => name)).toEqual(['b', 'c', 'd'])
    expect(uploads).toHaveLength(4)
  })

  it('never starts an upload that was taken away while it waited', async () => {
    const { queue, uploads, items } = createQueue()
    queue.add(
      PLACE,
      ['a', 'b', 'c', 'd'].map((name) => textFile(name)),
    )
    queue.remove(items()[3]?.id ?? '')
    uploads[0]?.resolve(storedFile('a'))
    await settle()
    expect(uploads).toHaveLength(3)
  })

  it('shows the words of a failure, and tries again with the same file and key', async () => {
    const { queue, uploads, items } = createQueue()
    queue.add(PLACE, [textFile('a')])
    uploads[0]?.reject(new StudioError('STORE_UNAVAILABLE'))
    await settle()
    expect(items()[0]).toMatchObject({ phase: 'failed', error: new StudioError('STORE_UNAVAILABLE').message })
    queue.retry(items()[0]?.id ?? '')
    expect(uploads).toHaveLength(2)
    expect(uploads[1]?.request.source).toBe(uploads[0]?.request.source)
    expect(uploads[1]?.request.idempotencyKey).toBe(uploads[0]?.request.idempotencyKey)
  })

  it('gives every file a key of its own that the server takes', () => {
    const { queue, items } = createQueue()
    queue.add(PLACE, [textFile('a'), textFile('a')])
    const keys = items().map(({ idempotencyKey }) => idempotencyKey)
    expect(new Set(keys).size).toBe(2)
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{8,128}$/)
  })

  it('stops and forgets everything when somebody else signs in', async () => {
    const { queue, uploads, items } = createQueue()
    queue.add(
      PLACE,
      ['a', 'b', 'c', 'd'].map((name) => textFile(name)),
    )
    queue.clear()
    await settle()
    expect(items()).toEqual([])
    expect(uploads).toHaveLength(3)
    expect(uploads.every(({ request }) => request.signal?.aborted)).toBe(true)
  })
})
