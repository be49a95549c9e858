/** Where this browser keeps unfinished uploads, if it can. */
import { openPendingDatabase } from './pending-database.ts'
import { createPendingStore, holdPageLock } from './pending-store.ts'
import type { PendingStore } from './pending-upload.ts'

export interface BrowserPendingStores {
  /** The uploads of this person; those of anybody else are removed. */
  of(personId: string): PendingStore
}

/**
 * Resolves to `undefined` where uploads cannot be kept: in a private window of some browsers, and outside of secure contexts,
 * where there are no Web Locks to keep two pages from sending the same file.
 */
export async function openBrowserPendingStores(pageId: string): Promise<BrowserPendingStores | undefined> {
  const locks: LockManager | undefined = globalThis.navigator?.locks
  if (locks === undefined || globalThis.indexedDB === undefined) return undefined
  try {
    await holdPageLock(locks, pageId)
    const database = await openPendingDatabase()
    return { of: (personId) => createPendingStore({ database, locks, pageId, personId }) }
  } catch {
    return undefined
  }
}
