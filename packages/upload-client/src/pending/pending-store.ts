/** Keeps one person's unfinished uploads in the browser, and sees to it that one page at a time works on each. */
import type { KeptUpload, PendingDatabase } from './pending-database.ts'
import type { PendingStore, PendingUpload } from './pending-upload.ts'

/** A page holds the lock of this name for as long as it lives (Web Locks API, section 2.3): browsers let go of it for the dead. */
const lockName = (pageId: string) => `studio-uploads-page-${pageId}`

export interface PendingStoreOptions {
  database: PendingDatabase
  locks: LockManager
  pageId: string
  personId: string
  now?: () => number
}

/** Holds this page's lock. Resolves once it is held. */
export function holdPageLock(locks: LockManager, pageId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    locks
      .request(lockName(pageId), () => {
        resolve()
        // For as long as the page lives.
        return new Promise<never>(() => undefined)
      })
      .catch(reject)
  })
}

/** Whatever other people left in this browser is removed first. */
export function createPendingStore(options: PendingStoreOptions): PendingStore {
  const { database, pageId, personId, now = Date.now } = options
  const ready = forgetWhere(database, (kept) => kept.personId !== personId)
  return {
    async keep(upload) {
      await ready
      const kept = { ...upload, personId, owner: pageId, keptAt: now() }
      try {
        await database.put('uploads', kept)
        return true
      } catch {
        // Full, most likely of bytes: what is left can still be recognised when the file is picked again.
        await database.put('uploads', { ...kept, source: { kind: 'none' } }).catch(() => undefined)
        return false
      }
    },
    async change(id, change) {
      const transaction = database.transaction('uploads', 'readwrite')
      const kept = await transaction.store.get(id).catch(() => undefined)
      if (kept !== undefined) await transaction.store.put({ ...kept, ...change }).catch(() => undefined)
    },
    async forget(ids) {
      const transaction = database.transaction('uploads', 'readwrite')
      await Promise.allSettled(ids.map((id) => transaction.store.delete(id)))
    },
    forgetAll: () => forgetWhere(database, (kept) => kept.personId === personId),
    async keys() {
      await ready
      const all = await database.getAll('uploads').catch(() => [])
      return new Set(all.map(({ idempotencyKey }) => idempotencyKey))
    },
    adopt: (onAdopted) => adoptWhileWatching({ ...options, ready }, onAdopted),
  }
}

async function forgetWhere(database: PendingDatabase, isMeant: (kept: KeptUpload) => boolean): Promise<void> {
  try {
    const transaction = database.transaction('uploads', 'readwrite')
    for (const kept of await transaction.store.getAll()) {
      if (isMeant(kept)) await transaction.store.delete(kept.id)
    }
    await transaction.done
  } catch {
    // A database that can no longer be written is of no more use to anybody.
  }
}

interface AdoptOptions extends PendingStoreOptions {
  ready: Promise<unknown>
}

function adoptWhileWatching(
  { database, locks, pageId, personId, ready }: AdoptOptions,
  onAdopted: (uploads: readonly PendingUpload[]) => void,
): () => void {
  const stopping = new AbortController()
  const { signal } = stopping
  const watched = new Set<string>()

  const takeOver = async (owner: string) => {
    if (signal.aborted) return
    const taken = await takeOverFrom(database, { owner, pageId, personId })
    if (taken.length > 0 && !signal.aborted) onAdopted(taken)
  }
  const watch = async (owner: string) => {
    if (watched.has(owner) || signal.aborted) return
    watched.add(owner)
    // Granted when that page has ended: at once if it has already.
    if (owner === pageId) await takeOver(owner)
    else await locks.request(lockName(owner), { signal }, () => takeOver(owner))
    // Its id is never used again; an entry of its may have been kept while it ended.
    if (owner !== pageId) watched.delete(owner)
  }
  const scan = async () => {
    await ready
    const owners = new Set((await database.getAll('uploads')).map(({ owner }) => owner))
    const watching = [...owners].map(watch)
    // What this page kept before somebody signed in anew is taken up once; whatever it keeps from now on, it works on.
    watched.add(pageId)
    await Promise.all(watching)
  }
  // Pages that were opened after this one are learned of when somebody looks here again.
  const onVisible = () => {
    if (document.visibilityState === 'visible') void scan().catch(() => undefined)
  }
  void scan().catch(() => undefined)
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    stopping.abort()
    document.removeEventListener('visibilitychange', onVisible)
  }
}

/** In one transaction: of two pages that want the same uploads, the second finds none. */
async function takeOverFrom(
  database: PendingDatabase,
  { owner, pageId, personId }: { owner: string; pageId: string; personId: string },
): Promise<PendingUpload[]> {
  const transaction = database.transaction('uploads', 'readwrite')
  const all: KeptUpload[] = await transaction.store.getAll()
  const taken = all
    .filter((kept) => kept.owner === owner && kept.personId === personId)
    .toSorted((a, b) => a.keptAt - b.keptAt)
  for (const kept of taken) await transaction.store.put({ ...kept, owner: pageId })
  await transaction.done
  return taken
}
