/** Port: the transactional outbox, which holds what PocketBase still has to be told (promise P3). */
import type { FileRow } from './file-registry.ts'
import type { OutboxKind } from './operator-desk.ts'

export interface OutboxEntry {
  id: string
  kind: OutboxKind
  row: FileRow
  /** Deliveries tried so far. */
  attempts: number
}

export interface Postponement {
  retryAt: Date
  /** For operators: why the last delivery failed. */
  error: string
}

/** Entries are leased, not locked: a process that dies while delivering loses its lease, and another takes over. */
export interface MetadataOutbox {
  /** Leases due entries, oldest first. No two callers get the same entry before its lease ends. */
  lease(options: { limit: number; leaseSeconds: number }): Promise<OutboxEntry[]>
  /**
   * What the row was when the entry was taken is delivered: removes the entry, and resolves to nothing. When the row's state
   * has changed meanwhile, the entry stays, and the row as it is now comes back: what was delivered may have come after what
   * somebody else delivered of that newer state. Done as well when the entry is gone.
   */
  confirm(delivered: Pick<OutboxEntry, 'id' | 'row'>): Promise<FileRow | undefined>
  /** The delivery failed: ends the lease and sets the next try. */
  postpone(id: string, postponement: Postponement): Promise<void>
}
