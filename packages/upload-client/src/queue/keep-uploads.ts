/** Keeps a queue's uploads for after the page has gone, one after the other and without holding any of them up. */
import { KEPT_BYTES_MAX, type KeptSource, type PendingStore } from '../pending/pending-upload.ts'
import type { QueueFiles } from './queue-files.ts'
import type { QueueState } from './queue-state.ts'
import type { QueuedFile } from './queued-file.ts'
import { isActive, type UploadItem } from './upload-item.ts'

export interface KeepUploadsOptions {
  state: QueueState
  files: QueueFiles
}

export interface KeptUploads {
  /** From now on in this store; `undefined`: nothing is kept. */
  use(store: PendingStore | undefined): void
  keep(id: string, file: QueuedFile): void
  change(...change: Parameters<PendingStore['change']>): void
  forget(ids: readonly string[]): void
}

export function createKeptUploads({ state, files }: KeepUploadsOptions): KeptUploads {
  let store: PendingStore | undefined
  // In turn, so that nothing is forgotten before it was kept.
  let turn = Promise.resolve()
  const inTurn = (work: (into: PendingStore) => Promise<unknown>) => {
    const into = store
    if (into === undefined) return
    turn = turn
      .then(() => work(into))
      .then(
        () => undefined,
        () => undefined,
      )
  }

  return {
    use(next) {
      store = next
    },
    keep: (id, file) =>
      inTurn(async (into) => {
        // Most small files are stored before it is their turn.
        if (!isStillActive(state.find(id))) return
        const kept = { fingerprint: await files.fingerprint(id), source: keptSource(file) }
        const item = state.find(id)
        if (item === undefined || !isStillActive(item)) return
        const { target, place, name, size, mimeType, path, idempotencyKey, phase } = item
        const facts = { id, target, place, name, size, mimeType, path, idempotencyKey }
        const isKept = await into.keep({ ...facts, ...kept, held: phase === 'paused' })
        if (isKept && kept.source.kind !== 'none') state.dispatch({ type: 'kept', id })
      }),
    change: (id, change) => inTurn((into) => into.change(id, change)),
    forget: (ids) => inTurn((into) => into.forget(ids)),
  }
}

function isStillActive(item: UploadItem | undefined): boolean {
  return item !== undefined && isActive(item)
}

function keptSource({ source, handle }: QueuedFile): KeptSource {
  if (handle !== undefined) return { kind: 'handle', handle }
  return source.size <= KEPT_BYTES_MAX ? { kind: 'bytes', bytes: source } : { kind: 'none' }
}
