/** Port: what becomes of stored files in the registry: trash, back again, and the end. */
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import type { FileRow, FileState, Uploader } from './file-registry.ts'
import type { OutboxEntry } from './metadata-outbox.ts'

/** What a row says of its file's life. */
export interface LifeRow {
  fileId: FileId
  state: FileState
  projectId: ProjectId
  /** Set while it is in the trash. */
  purgeAt: Date | null
}

export interface TrashedRow {
  row: FileRow
  trashedAt: Date
  purgeAt: Date
}

/** Files that somebody may change, as far as they are in these projects: what else the ids name is left alone. */
export interface LifeChange {
  fileIds: readonly FileId[]
  projectIds: readonly ProjectId[]
  /** For the audit log. */
  actor: Uploader
}

/**
 * Each change is one statement: rows, outbox entries and the audit row, all or nothing. It resolves to the entries that were
 * made, leased to the caller; a row whose entry another process is delivering has none, because that delivery looks at the
 * row again. Every method rejects with `REGISTRY_UNAVAILABLE`, and may be repeated.
 */
export interface FileLife {
  /** Rows of these ids, in no order; an id without a row is left out. */
  standings(fileIds: readonly FileId[]): Promise<LifeRow[]>
  /** `ready → trashed`. */
  trash(change: LifeChange & { now: Date; purgeAt: Date }): Promise<OutboxEntry[]>
  /** `trashed → ready`, for those whose purge is later than `now`. */
  restore(change: LifeChange & { now: Date }): Promise<OutboxEntry[]>
  /** `trashed → purged`, and the project's space is free again in the same statement. */
  purge(change: LifeChange): Promise<OutboxEntry[]>
  /** `trashed → purged` for at most `limit` files whose purge is due at `now`, those that wait longest first. */
  purgeDue(options: { now: Date; limit: number }): Promise<OutboxEntry[]>
  /** A project's trash, the last trashed first. */
  listTrashed(projectId: ProjectId, limit: number): Promise<TrashedRow[]>
  /** Every project's trash, what is purged next first. */
  listPurges(limit: number): Promise<TrashedRow[]>
  /** What this actor has begun under the key; `undefined` when nothing. */
  findByKey(idempotencyKey: string, actor: Uploader): Promise<FileRow | undefined>
}
