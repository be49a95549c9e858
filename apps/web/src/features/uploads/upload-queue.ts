/** All uploads of the page: a few at a time, going on while one looks at other screens. */
import type { CardId } from '@studio/contracts/card'
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import { StudioError } from '@studio/contracts/studio-error'
import type { UploadClient } from '@studio/upload-client/upload-client'
import { createStore, type StoreApi } from 'zustand'
import { describeError } from '../../describe-error.ts'
import { createRequiredContext } from '../../required-context.ts'
import { announce } from '../../ui/announcer.tsx'
import { formatBytes } from '../../ui/format-bytes.ts'
import { isActive, reduceUploads, type UploadEvent, type UploadItem } from './upload-state.ts'

/** Browsers open six connections to a server; the screen needs some of them. */
const RUNNING_MAX = 3

export interface UploadPlace {
  projectId: ProjectId
  cardId: CardId
}

export interface UploadQueue {
  store: StoreApi<{ items: readonly UploadItem[] }>
  add: (place: UploadPlace, files: readonly File[]) => void
  /** Stops it, or takes a finished or failed one off the screen. */
  remove: (id: string) => void
  retry: (id: string) => void
  /** These have their record on the screen now. */
  appeared: (fileIds: ReadonlySet<FileId>) => void
  /** A picture of a file that was added on this page. */
  localUrlOf: (key: string) => string | undefined
  /** Stops and forgets everything: another person signs in. */
  clear: () => void
}

export interface UploadQueueOptions {
  upload: UploadClient['upload']
  /** Larger files are refused before a byte of them is read. */
  fileMaxBytes: () => number
  onStored: (projectId: ProjectId) => void
}

/** Makes the queue. */
export function createUploadQueue({ upload, fileMaxBytes, onStored }: UploadQueueOptions): UploadQueue {
  const store = createStore<{ items: readonly UploadItem[] }>(() => ({ items: [] }))
  const sources = new Map<string, File>()
  const running = new Map<string, AbortController>()
  const localUrls = new Map<string, string>()

  function send(event: UploadEvent): void {
    store.setState(({ items }) => ({ items: reduceUploads(items, event) }))
  }

  function fail(id: string, thrown: unknown): void {
    const { code, message } = describeError(thrown)
    send({ type: 'failed', id, code, message })
  }

  async function run(item: UploadItem, source: File): Promise<void> {
    const { id, name, projectId, cardId, idempotencyKey } = item
    const controller = new AbortController()
    running.set(id, controller)
    send({ type: 'started', id })
    try {
      const file = await upload({
        source,
        name,
        mimeType: source.type,
        target: { projectId, cardId },
        idempotencyKey,
        signal: controller.signal,
        onProgress: ({ phase, loaded }) => send({ type: 'progressed', id, phase, loaded }),
      })
      const localUrl = localUrls.get(id)
      if (localUrl !== undefined) localUrls.set(file.fileId, localUrl)
      sources.delete(id)
      send({ type: 'stored', id, file })
      announce(`${name} is stored.`)
      onStored(projectId)
    } catch (thrown) {
      if (!controller.signal.aborted) fail(id, thrown)
    } finally {
      running.delete(id)
      startNext()
    }
  }

  function startNext(): void {
    for (const item of store.getState().items) {
      if (running.size >= RUNNING_MAX) return
      const source = sources.get(item.id)
      if (item.phase === 'queued' && source !== undefined && !running.has(item.id)) void run(item, source)
    }
  }

  return {
    store,
    add(place, files) {
      const items = files.map((file) => queuedItem(place, file))
      send({ type: 'added', items })
      for (const [index, item] of items.entries()) {
        const file = files[index]
        if (file === undefined) continue
        sources.set(item.id, file)
        if (file.type.startsWith('image/')) localUrls.set(item.id, URL.createObjectURL(file))
        if (file.size > fileMaxBytes()) fail(item.id, tooLarge(fileMaxBytes()))
      }
      startNext()
    },
    remove(id) {
      running.get(id)?.abort()
      sources.delete(id)
      send({ type: 'removed', id })
    },
    retry(id) {
      send({ type: 'retried', id, newKey: randomKey() })
      startNext()
    },
    appeared(fileIds) {
      const isWaiting = store
        .getState()
        .items.some(({ phase, fileId }) => phase === 'stored' && fileId !== null && fileIds.has(fileId))
      if (isWaiting) send({ type: 'appeared', fileIds })
    },
    localUrlOf: (key) => localUrls.get(key),
    clear() {
      for (const controller of running.values()) controller.abort()
      for (const url of localUrls.values()) URL.revokeObjectURL(url)
      sources.clear()
      localUrls.clear()
      store.setState({ items: [] })
    },
  }
}

function queuedItem(place: UploadPlace, { name, size }: File): UploadItem {
  return {
    ...place,
    id: randomKey(),
    name,
    size,
    phase: 'queued',
    loaded: 0,
    idempotencyKey: randomKey(),
    error: null,
    retryable: false,
    fileId: null,
    record: null,
  }
}

function tooLarge(limit: number): StudioError {
  return new StudioError('FILE_TOO_LARGE', {
    message: `Files can be up to ${formatBytes(limit)}. This one is larger.`,
  })
}

/** 128 random bits. Not `randomUUID`, which browsers offer to secure contexts only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

/** How many uploads still need this page. */
export function countActive(items: readonly UploadItem[]): number {
  return items.filter(isActive).length
}

export const [UploadQueueContext, useUploadQueue] = createRequiredContext<UploadQueue>('UploadQueueContext')
