/** Tries a failed upload again, with its file as it is now: one that changed on the disk can no longer be read as it was. */
import type { QueueFiles } from './queue-files.ts'
import type { QueueState } from './queue-state.ts'
import { randomKey, type QueuedFile } from './queued-file.ts'

export interface TryAgainOptions {
  state: QueueState
  files: QueueFiles
  /** It may run again, under the key that it has now. */
  onRetried: (id: string) => void
  /** Sends this file instead, from the beginning. */
  replace: (id: string, file: QueuedFile) => void
}

export function createTryAgain({ state, files, onRetried, replace }: TryAgainOptions) {
  function retry(id: string): void {
    state.dispatch({ type: 'retried', id, newKey: randomKey() })
    if (state.find(id)?.phase === 'queued') onRetried(id)
  }

  async function retryAsItIsNow(id: string, file: QueuedFile): Promise<void> {
    const now = await openAsItIsNow(file)
    if (state.find(id)?.phase !== 'failed') return
    if (now === undefined) state.dispatch({ type: 'missed', id, need: 'changed', error: null })
    else if (now === file) retry(id)
    else replace(id, now)
  }

  return (id: string): void => {
    const item = state.find(id)
    const file = files.get(id)
    if (item?.phase !== 'failed' || !item.retryable) return
    // Failures that leave the key as it was have nothing to do with the file.
    if (item.idempotencyKey !== '' || file === undefined) retry(id)
    else void retryAsItIsNow(id, file)
  }
}

/** The file that was given if it is still the same; by its handle, the one that is there now; `undefined`: neither. */
async function openAsItIsNow(file: QueuedFile): Promise<QueuedFile | undefined> {
  try {
    await file.source.slice(0, 1).arrayBuffer()
    return file
  } catch {
    const source = await file.handle?.getFile().catch(() => undefined)
    return source && { ...file, source }
  }
}
