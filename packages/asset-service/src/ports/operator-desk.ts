/** Port: what an operator wants to see of the registry and its outbox. */
import type { FileId } from '@studio/contracts/file'
import type { FileState, Transport } from './file-registry.ts'

export interface RegistryStats {
  /** Only states that have rows. Bytes as declared at begin. */
  states: { state: FileState; files: number; bytes: number }[]
  outbox: { entries: number; failing: number; oldestAt: Date | null }
  findings: number
}

export interface UnfinishedUpload {
  fileId: FileId
  name: string
  size: number
  transport: Transport
  subject: string
  begunAt: Date
  expiresAt: Date
}

export interface OutboxView {
  id: string
  fileId: FileId
  kind: OutboxKind
  attempts: number
  createdAt: Date
  dueAt: Date
  lastError: string | null
}

/**
 * Why there is something to deliver. `create`: the record has to be written. `checksum`: it has to be told the whole file's
 * SHA-256. `remove`: the file went to the trash, or was purged.
 */
export const OUTBOX_KINDS = ['create', 'checksum', 'remove'] as const
export type OutboxKind = (typeof OUTBOX_KINDS)[number]

/** Every method rejects with `REGISTRY_UNAVAILABLE` when the database does not answer. */
export interface OperatorDesk {
  /** Reads every row: fine for a person, not for a request. */
  stats(): Promise<RegistryStats>
  /** Oldest first. */
  listUnfinished(limit: number): Promise<UnfinishedUpload[]>
  /** Oldest first. */
  listOutbox(limit: number): Promise<OutboxView[]>
  /** Makes entries due now that failed and wait for their next try; returns how many. */
  retryOutboxNow(): Promise<number>
}
