/** Watches, as another person would, for files to appear: through PocketBase's realtime events. */
import { EventSource } from 'eventsource'
import type PocketBase from 'pocketbase'

export interface FileWatch {
  /** When the file appeared, in milliseconds of `performance.now()`; `undefined` when it did not within the time. */
  appeared: (fileId: string, withinMilliseconds: number) => Promise<number | undefined>
  stop: () => Promise<void>
}

/** Resolves once the subscription stands, so that nothing which happens from then on is missed. */
export async function watchFiles(client: PocketBase): Promise<FileWatch> {
  // The SDK expects what every browser has, and Node 20 has not.
  Object.assign(globalThis, { EventSource })
  const seen = new Map<string, number>()
  const waiting = new Map<string, (at: number) => void>()
  await client.collection('files').subscribe('*', ({ action, record }) => {
    if (action !== 'create' || seen.has(record.id)) return
    const at = performance.now()
    seen.set(record.id, at)
    waiting.get(record.id)?.(at)
  })
  return {
    appeared: (fileId, withinMilliseconds) =>
      new Promise((resolve) => {
        const at = seen.get(fileId)
        if (at !== undefined) return resolve(at)
        const timer = setTimeout(() => resolve(undefined), withinMilliseconds)
        waiting.set(fileId, (when) => {
          clearTimeout(timer)
          resolve(when)
        })
      }),
    stop: () => client.collection('files').unsubscribe(),
  }
}
