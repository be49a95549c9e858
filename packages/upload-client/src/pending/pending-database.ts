/** The browser's database of unfinished uploads. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { PendingUpload } from './pending-upload.ts'

/** An upload with whose it is, and the page that works on it. */
export interface KeptUpload extends PendingUpload {
  personId: string
  owner: string
  keptAt: number
}

interface PendingSchema extends DBSchema {
  uploads: { key: string; value: KeptUpload }
}

export type PendingDatabase = IDBPDatabase<PendingSchema>

const DATABASE_NAME = 'studio-uploads'
const VERSION = 1

/** Opens it, or makes it. Rejects where the browser keeps nothing, as some do in private windows. */
export function openPendingDatabase(): Promise<PendingDatabase> {
  return openDB<PendingSchema>(DATABASE_NAME, VERSION, {
    upgrade: (database) => void database.createObjectStore('uploads', { keyPath: 'id' }),
    // A newer version of the page wants to change it: let go, rather than hold that page up.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
}
