/** Brings uploads back that another page, or another browser, began: their files have to be found first. */
import { openKeptSource } from '../pending/open-kept-source.ts'
import type { PendingUpload } from '../pending/pending-upload.ts'
import type { QueueState } from './queue-state.ts'
import { queuedItem } from './queued-file.ts'
import type { QueueFiles } from './queue-files.ts'
import type { UploadItem } from './upload-item.ts'

export interface RestoreUploadsOptions {
  state: QueueState
  files: QueueFiles
  /** A file was found: its upload may run. */
  onFound: () => void
}

export interface RestoredUploads {
  forget(ids: readonly string[]): void
  /** From this browser's store: each goes on by itself if its file can be opened. */
  fromStore(uploads: readonly PendingUpload[]): void
  /** From the server: this browser never had their files. */
  fromElsewhere(uploads: readonly PendingUpload[]): void
  /** Asks for leave to read; only while a click is being handled. */
  askToRead(): Promise<void>
}

export function createRestoredUploads({ state, files, onFound }: RestoreUploadsOptions): RestoredUploads {
  const restored = new Map<string, PendingUpload>()

  function add(uploads: readonly PendingUpload[], fromElsewhere: boolean): PendingUpload[] {
    const known = new Set(state.items().map(({ idempotencyKey }) => idempotencyKey))
    const added = uploads.filter(({ idempotencyKey }) => !known.has(idempotencyKey))
    for (const upload of added) {
      restored.set(upload.id, upload)
      files.remember(upload.id, upload.fingerprint)
    }
    if (added.length > 0) {
      state.dispatch({ type: 'added', items: added.map((upload) => waitingItem(upload, fromElsewhere)) })
    }
    return added
  }

  async function reopen(upload: PendingUpload, ask: boolean): Promise<void> {
    const { id, name, path, held } = upload
    const opened = await openKeptSource(upload, { ask })
    if (state.find(id)?.phase !== 'waiting') return
    if (opened.state === 'open') {
      const handle = upload.source.kind === 'handle' ? upload.source.handle : undefined
      files.set(id, { source: opened.source, name, path, handle })
      state.dispatch({ type: 'found', id })
      if (held) state.dispatch({ type: 'paused', id })
      return onFound()
    }
    const need = opened.state === 'gone' ? 'file' : opened.state
    state.dispatch({ type: 'missed', id, need, error: null })
  }

  return {
    forget: (ids) => ids.forEach((id) => restored.delete(id)),
    fromStore(uploads) {
      for (const upload of add(uploads, false)) void reopen(upload, false)
    },
    fromElsewhere: (uploads) => void add(uploads, true),
    async askToRead() {
      for (const item of state.items().filter(({ need }) => need === 'permission')) {
        const upload = restored.get(item.id)
        if (upload !== undefined) await reopen(upload, true)
      }
    },
  }
}

/** Before its file was looked for. */
function waitingItem(upload: PendingUpload, fromElsewhere: boolean): UploadItem {
  const { id, name, path, size, mimeType, idempotencyKey } = upload
  return {
    ...queuedItem(upload, { source: new Blob([]), name, path }),
    id,
    size,
    mimeType,
    idempotencyKey,
    fromElsewhere,
    phase: 'waiting',
    need: upload.source.kind === 'none' ? 'file' : null,
    goesOn: true,
    safe: true,
  }
}
