/** Holds a queue's uploads, and tells those who listen what happened to them. */
import type { StoredFile } from '@studio/contracts/upload'
import { reduceUploads, type QueueEvent } from './reduce-uploads.ts'
import type { UploadItem } from './upload-item.ts'

/** What a listener hears. Each event carries the upload as it is after it; `removed` as it was before. */
export interface QueueEvents {
  added: readonly UploadItem[]
  started: UploadItem
  progress: UploadItem
  paused: UploadItem
  resumed: UploadItem
  /** It needs its file, or leave to read it. */
  waiting: UploadItem
  /** The project has these already: somebody has to say whether they are sent all the same. */
  offered: readonly UploadItem[]
  /** The same file was begun before, and the upload goes on with that. */
  adopted: UploadItem
  /** It was added once more, which this queue has it for already. */
  joined: UploadItem
  stored: { item: UploadItem; file: StoredFile }
  failed: UploadItem
  removed: readonly UploadItem[]
  /** Anything changed at all, speeds included. */
  changed: readonly UploadItem[]
}

type Listener<Name extends keyof QueueEvents> = (event: QueueEvents[Name]) => void

export interface QueueState {
  items(): readonly UploadItem[]
  find(id: string): UploadItem | undefined
  /** Several at once are told as one change: people pause two thousand uploads with one click. */
  dispatch(...events: QueueEvent[]): void
  /** Returns how to stop listening. */
  on<Name extends keyof QueueEvents>(name: Name, listener: Listener<Name>): () => void
  emit<Name extends keyof QueueEvents>(name: Name, event: QueueEvents[Name]): void
}

/** By which name an event of the reducer is told; others are part of what `changed` tells. */
const TOLD_AS = {
  started: 'started',
  progressed: 'progress',
  paused: 'paused',
  resumed: 'resumed',
  missed: 'waiting',
  adopted: 'adopted',
  failed: 'failed',
} as const

export function createQueueState(): QueueState {
  let items: readonly UploadItem[] = []
  const listeners = new Map<string, Set<(event: never) => void>>()
  const find = (id: string) => items.find((item) => item.id === id)

  const emit: QueueState['emit'] = (name, event) => {
    for (const listener of listeners.get(name) ?? []) (listener as Listener<typeof name>)(event)
  }

  function tell(event: QueueEvent, before: readonly UploadItem[]): void {
    if (event.type === 'added') emit('added', event.items)
    else if (event.type === 'removed') {
      emit(
        'removed',
        before.filter(({ id }) => event.ids.has(id)),
      )
    } else if (event.type in TOLD_AS && 'id' in event) {
      const item = find(event.id)
      const isNews = item !== before.find(({ id }) => id === event.id)
      if (item !== undefined && isNews) emit(TOLD_AS[event.type as keyof typeof TOLD_AS], item)
    }
  }

  return {
    items: () => items,
    find,
    emit,
    dispatch(...events) {
      for (const event of events) {
        const before = items
        items = reduceUploads(items, event)
        tell(event, before)
      }
      emit('changed', items)
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set()
      listeners.set(name, known.add(listener))
      return () => known.delete(listener)
    },
  }
}
