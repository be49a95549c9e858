/** All uploads of the page, as React can follow them; they go on while one looks at other screens. */
import type { CardId } from '@studio/contracts/card'
import type { FileId } from '@studio/contracts/file'
import { projectIdSchema, type ProjectId } from '@studio/contracts/project'
import { createUploadQueue, type UploadQueue, type UploadQueueOptions } from '@studio/upload-client/queue'
import type { QueuedFile } from '@studio/upload-client/queue/queued-file'
import type { UploadTotals } from '@studio/upload-client/queue/transfer-rate'
import { isActive, type UploadItem } from '@studio/upload-client/queue/upload-item'
import { createStore, type StoreApi } from 'zustand'
import { createRequiredContext } from '../../required-context.ts'
import { announce } from '../../ui/announcer.tsx'
import { countOf } from '../../ui/count-of.ts'
import { formatBytes } from '../../ui/format-bytes.ts'
import { notify } from '../../ui/notices.tsx'
import { goingOnInWords, offersInWords } from './upload-words.ts'

export interface UploadPlace {
  projectId: ProjectId
  cardId: CardId
  /** For people: "Northern Lights · Moodboard". */
  words: string
}

export interface PageUploadsState {
  items: readonly UploadItem[]
  totals: UploadTotals
  /** Stored files whose tiles are on the screen: their cards need not speak of them any more. */
  shown: ReadonlySet<FileId>
}

export interface PageUploads {
  queue: UploadQueue
  store: StoreApi<PageUploadsState>
  add: (place: UploadPlace, files: readonly QueuedFile[]) => void
  /** These have their record on the screen now. */
  appeared: (fileIds: ReadonlySet<FileId>) => void
  /** Takes away what is stored and needs no more words. */
  clearSettled: () => void
  /** A picture of a file that was added on this page; by the upload's id, and by the file's once it is stored. */
  localUrlOf: (key: string) => string | undefined
  /** Stops and forgets everything: another person signs in. What is kept in the browser stays. */
  clear: () => void
}

export interface PageUploadsOptions extends Pick<
  UploadQueueOptions,
  'client' | 'discard' | 'findDuplicates'
> {
  fileMaxBytes: () => number
  onStored: (projectId: ProjectId) => void
}

/** Makes the queue of the page. */
export function createPageUploads({ onStored, ...options }: PageUploadsOptions): PageUploads {
  const queue = createUploadQueue({
    ...options,
    tooLarge: (limit) => `Files can be up to ${formatBytes(limit)}. This one is larger.`,
  })
  const store = createStore<PageUploadsState>(() => ({
    items: [],
    totals: queue.totals(),
    shown: new Set(),
  }))
  const localUrls = new Map<string, string>()

  queue.on('added', (items) => {
    for (const { id, mimeType } of items) {
      const source = mimeType.startsWith('image/') ? queue.sourceOf(id) : undefined
      if (source !== undefined) localUrls.set(id, URL.createObjectURL(source))
    }
  })
  queue.on('changed', (items) => store.setState({ items, totals: queue.totals() }))
  queue.on('stored', ({ item, file }) => {
    const localUrl = localUrls.get(item.id)
    if (localUrl !== undefined) localUrls.set(file.fileId, localUrl)
    // One sentence for many files: somebody may be listening.
    const { active, offered, stored } = queue.totals()
    if (active === offered)
      announce(stored === 1 ? `${item.name} is stored.` : `${countOf(stored, 'file')} stored.`)
    onStored(projectIdSchema.parse(item.target.projectId))
  })
  queue.on('offered', (items) => announce(offersInWords(items)))
  queue.on('adopted', (item) => {
    if (item.continuedFrom) announce(`${item.name}: ${goingOnInWords(item)}.`)
  })
  queue.on('joined', ({ name }) => notify('info', `“${name}” is being uploaded already.`))

  return {
    queue,
    store,
    add: ({ words, ...target }, files) => void queue.add({ target, place: words }, files),
    appeared(fileIds) {
      const { items, shown } = store.getState()
      const news = items.flatMap(({ phase, fileId }) =>
        phase === 'stored' && fileId !== null && fileIds.has(fileId) && !shown.has(fileId) ? [fileId] : [],
      )
      if (news.length > 0) store.setState({ shown: new Set([...shown, ...news]) })
    },
    clearSettled() {
      const { items, shown } = store.getState()
      for (const { id, phase, fileId, record } of items) {
        const isTold = record === 'written' || (fileId !== null && shown.has(fileId))
        if (phase === 'stored' && isTold) queue.remove(id)
      }
    },
    localUrlOf: (key) => localUrls.get(key),
    clear() {
      queue.keepIn(undefined)
      queue.clear()
      for (const url of localUrls.values()) URL.revokeObjectURL(url)
      localUrls.clear()
      store.setState({ shown: new Set() })
    },
  }
}

/** Uploads that would end, or need their file again, if the page went away now. What is only offered is there already. */
export function countUnsafe(items: readonly UploadItem[]): number {
  return items.filter((item) => isActive(item) && item.phase !== 'offered' && !item.safe).length
}

export const [UploadQueueContext, useUploadQueue] = createRequiredContext<PageUploads>('UploadQueueContext')
