/** Runs the uploads of a queue, a few at a time and in their order. */
import { SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import { toStudioError, type StudioError } from '@studio/contracts/studio-error'
import type { Upload, UploadClient } from '../upload-client.ts'
import type { UploadProgress } from '../upload-progress.ts'
import { fingerprintFields, type QueueFiles } from './queue-files.ts'
import type { QueueState } from './queue-state.ts'
import type { QueuedFile } from './queued-file.ts'
import type { UploadItem, UploadStall } from './upload-item.ts'

export interface RunQueueOptions {
  state: QueueState
  client: Pick<UploadClient, 'createUpload'>
  concurrency: number
  files: QueueFiles
  /** Waited for before an upload begins; it may be another one afterwards, or none. */
  beforeBegin: (id: string) => Promise<void>
}

export interface QueueRunner {
  /** Begins or goes on with whatever may run now. */
  startNext(): void
  pause(ids: readonly string[]): void
  /** Ends it, on the server too. */
  abort(id: string): void
}

export function createQueueRunner(options: RunQueueOptions): QueueRunner {
  const { state, client, concurrency, files, beforeBegin } = options
  const live = new Map<string, Upload>()

  async function request(item: UploadItem, { source }: QueuedFile) {
    // Smaller files are known by the checksum of all their bytes.
    const fingerprint = item.size > SINGLE_PUT_MAX_BYTES ? await files.fingerprint(item.id) : null
    return {
      source,
      name: item.name,
      mimeType: item.mimeType,
      target: {
        ...item.target,
        ...(item.path === '' ? {} : { path: item.path }),
        ...(fingerprint === null ? {} : { fingerprint: fingerprintFields(fingerprint) }),
      },
      idempotencyKey: item.idempotencyKey,
      onProgress: (progress: UploadProgress) => state.dispatch({ type: 'progressed', id: item.id, progress }),
      onWaiting: (reason: StudioError | undefined) =>
        state.dispatch({
          type: 'stalled',
          id: item.id,
          reason: reason === undefined ? null : stallBy(reason),
        }),
    }
  }

  async function run(id: string, file: QueuedFile): Promise<void> {
    await beforeBegin(id)
    const item = state.find(id)
    if (item === undefined) return
    const prepared = await request(item, file)
    // Taken away, paused or offered while its file was looked at.
    if (state.find(id)?.phase !== 'running' || live.has(id)) return
    const upload = client.createUpload(prepared)
    live.set(id, upload)
    try {
      const stored = await upload.done
      state.dispatch({ type: 'stored', id, file: { fileId: stored.fileId, record: stored.record } })
      const after = state.find(id)
      if (after !== undefined) state.emit('stored', { item: after, file: stored })
    } finally {
      if (live.get(id) === upload) live.delete(id)
    }
  }

  function begin(item: UploadItem, file: QueuedFile): void {
    state.dispatch({ type: 'started', id: item.id })
    const upload = live.get(item.id)
    if (upload !== undefined) return upload.resume()
    run(item.id, file)
      .catch((thrown: unknown) => {
        // An upload that was taken away ends with an abort, and there is nobody left to tell.
        if (state.find(item.id) === undefined) return
        const { code, message } = toStudioError(thrown)
        state.dispatch({ type: 'failed', id: item.id, code, message })
      })
      .finally(startNext)
      .catch(() => undefined)
  }

  function startNext(): void {
    let running = state.items().filter(({ phase }) => phase === 'running').length
    for (const item of state.items()) {
      if (running >= concurrency) return
      const file = item.phase === 'queued' ? files.get(item.id) : undefined
      if (file === undefined) continue
      running += 1
      begin(item, file)
    }
  }

  return {
    startNext,
    pause(ids) {
      for (const id of ids) live.get(id)?.pause()
      state.dispatch(...ids.map((id) => ({ type: 'paused', id }) as const))
      startNext()
    },
    abort(id) {
      live.get(id)?.abort()
      live.delete(id)
    },
  }
}

function stallBy({ code }: StudioError): UploadStall {
  return code === 'STORE_UNAVAILABLE' ? 'storage' : 'connection'
}
