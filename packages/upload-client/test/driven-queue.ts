/** A queue whose uploads end when a test says so, and a store of unfinished uploads in memory. */
import type { CardId } from '@studio/contracts/card'
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import type { StoredFile } from '@studio/contracts/upload'
import { fingerprintOf } from '../src/fingerprint.ts'
import type { PendingStore, PendingUpload } from '../src/pending/pending-upload.ts'
import type { QueuedFile } from '../src/queue/queued-file.ts'
import { createUploadQueue, type UploadQueueOptions } from '../src/queue/upload-queue.ts'
import type { UploadRequest } from '../src/upload-client.ts'

export const TARGET = { projectId: 'project00000000' as ProjectId, cardId: 'card00000000000' as CardId }
export const PLACE = { target: TARGET, place: 'Project · Card' }
export const MAX = 1000

interface Running {
  request: UploadRequest
  resolve: (file: StoredFile) => void
  reject: (error: unknown) => void
  log: string[]
}

/** A queue whose uploads end when the test says so, and that looks at its speeds when the test says so. */
export function createQueue(options: Partial<UploadQueueOptions> = {}) {
  const uploads: Running[] = []
  const client: UploadQueueOptions['client'] = {
    createUpload(request) {
      const log: string[] = []
      let abort = () => {}
      const done = new Promise<StoredFile>((resolve, reject) => {
        abort = () => reject(new DOMException('Stopped', 'AbortError'))
        uploads.push({ request, resolve, reject, log })
      })
      const note = (word: string) => () => void log.push(word)
      return { done, pause: note('pause'), resume: note('resume'), abort: () => (log.push('abort'), abort()) }
    },
  }
  const queue = createUploadQueue({
    client,
    fileMaxBytes: () => MAX,
    tooLarge: (limit) => `Up to ${limit}.`,
    every: () => () => {},
    ...options,
  })
  const named = (name: string) => queue.items().find((item) => item.name === name)
  const idOf = (name: string) => named(name)?.id ?? ''
  return { queue, uploads, named, idOf, begun: () => uploads.map(({ request }) => request.name) }
}

export const file = (name: string, size = 3): QueuedFile => ({
  name,
  source: new File(['x'.repeat(size)], name, { type: 'text/plain', lastModified: 5 }),
})
export const files = (...names: string[]) => names.map((name) => file(name))

export function storedFile(id: string): StoredFile {
  const fileId = id.padEnd(15, '0') as FileId
  const facts = { name: id, mimeType: 'text/plain', size: 3, width: null, height: null }
  return { ...facts, fileId, sha256: 'a'.repeat(64), record: 'written' }
}

export const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A store in memory; `adopt` hands over what it was made with. */
export function createStore(left: readonly PendingUpload[] = []) {
  const kept = new Map<string, PendingUpload>()
  const store: PendingStore = {
    keep: async (upload) => (kept.set(upload.id, upload), true),
    change: async (id, change) => {
      const before = kept.get(id)
      if (before !== undefined) kept.set(id, { ...before, ...change })
    },
    forget: async (ids) => ids.forEach((id) => kept.delete(id)),
    forgetAll: async () => kept.clear(),
    keys: async () => new Set([...kept.values()].map(({ idempotencyKey }) => idempotencyKey)),
    adopt: (onAdopted) => (onAdopted(left), () => undefined),
  }
  return { store, kept }
}

export async function leftBehind(
  of: QueuedFile,
  change: Partial<PendingUpload> = {},
): Promise<PendingUpload> {
  const fingerprint = await fingerprintOf(of.source)
  const { size, type: mimeType } = of.source
  const facts = { id: `left-${of.name}`, ...PLACE, name: of.name, size, mimeType, path: '', fingerprint }
  return { ...facts, idempotencyKey: 'key-of-before', held: false, source: { kind: 'none' }, ...change }
}
