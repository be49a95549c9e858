/** Port: the registry of files. It decides; the object store and PocketBase are brought in line with it. */
import type { Actor } from '@studio/contracts/actor'
import type { BeginUpload } from '@studio/contracts/upload'
import type { ErrorCode } from '@studio/contracts/error-code'
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'

/**
 * `uploading → ready → trashed → purged`, and `uploading → expired`.
 * An expired row is a tombstone: it stays until no presigned URL of its upload can bring bytes any more.
 */
export const FILE_STATES = ['uploading', 'ready', 'trashed', 'purged', 'expired'] as const
export type FileState = (typeof FILE_STATES)[number]

export const TRANSPORTS = ['inline', 'direct', 'multipart', 'copy', 'import', 'tus'] as const
export type Transport = (typeof TRANSPORTS)[number]

/** To whom an upload belongs: a subject, as its issuer names it. */
export type Uploader = Pick<Actor, 'issuer' | 'subject'>

/** What an upload was begun with; `request` is what the metadata record will hold. */
export interface NewUpload {
  fileId: FileId
  actor: Uploader
  request: BeginUpload
  transport: Transport
  /** When an unfinished upload may be expired. */
  expiresAt: Date
  /** Until when a signed URL of this upload can bring bytes: an expired row is forgotten only after this. */
  writableUntil: Date
}

/** What was seen in the stored bytes, as opposed to what was declared. Pixels, or `null` where there are none. */
export interface ObservedContent {
  mimeType: string
  width: number | null
  height: number | null
  /** SHA-256 over the parts' SHA-256 with `-<parts>` behind it, as S3 computes it; absent for a file in one piece. */
  compositeSha256?: string | undefined
  /** SHA-256 of the whole file, as it was read after it was stored; absent until then. */
  readSha256?: string | undefined
  /** What the bytes are as well: such a file is served as an attachment only. */
  secondType?: string | undefined
}

export interface FileRow extends NewUpload {
  state: FileState
  /** Set from `ready` on. */
  observed: ObservedContent | null
  /** Set on `expired`. */
  endedBy: EndReason | null
  /** Is there an outbox entry for the file's record that PocketBase has not confirmed yet? */
  recordPending: boolean
  /** The store's name of the multipart upload; `null` until it has one, and for other transports. */
  multipartId: string | null
  createdAt: Date
}

/** Why an upload ended without a file. An error code: its bytes were refused, and a repeated `complete` says so again. */
export type EndReason = 'aborted' | 'overdue' | ErrorCode

/** A committed file with the outbox entry that was written in the same transaction, leased to the caller. */
export interface CommittedFile {
  row: FileRow
  outboxId: string
}

export interface PendingQuery {
  actor: Uploader
  /** Only of this project. */
  projectId?: ProjectId | undefined
  /** The last row of the page before. */
  after?: Pick<FileRow, 'fileId' | 'createdAt'> | undefined
  limit: number
}

/** Content by which a file is recognised. */
export interface AlikeQuery {
  actor: Uploader
  projectId: ProjectId
  sha256s: readonly string[]
  /** Samples of content, as in a `Fingerprint`. */
  samples: readonly string[]
}

/**
 * Every method rejects with `REGISTRY_UNAVAILABLE` when the database does not answer. A rejected write may have happened
 * (the answer to a COMMIT can be lost), so every method may be repeated.
 */
export interface FileRegistry {
  /**
   * Inserts an `uploading` row, or finds the one that this actor began with the same idempotency key before.
   * The caller compares the returned row's request with its own. A new row takes up its size in the project's quota, in the
   * same statement: rejects with `QUOTA_EXCEEDED`, and leaves nothing, when there is not so much room.
   * An `inline` row is not waited for on disk: what a crash of the database takes back was never acknowledged, and a commit
   * makes it durable (docs/decisions/0008).
   */
  begin(upload: NewUpload): Promise<{ row: FileRow; inserted: boolean }>
  /** `undefined` when there is no such row, or when it is another actor's: the two look the same. */
  findUpload(fileId: FileId, actor: Uploader): Promise<FileRow | undefined>
  /** Lengthens the time in which newly signed URLs can bring bytes, and the upload's life with it. */
  extend(fileId: FileId, until: { writableUntil: Date; expiresAt: Date }): Promise<void>
  /**
   * Notes the store's name of a multipart upload, unless one is noted already; resolves to the one that is noted.
   * `undefined` when the row is not `uploading` any more.
   */
  noteMultipart(fileId: FileId, multipartId: string): Promise<string | undefined>
  /**
   * `uploading → ready`, with the outbox entry and the audit row, in one transaction.
   * `undefined` when the row is not `uploading` any more; nothing changes then.
   */
  commit(fileId: FileId, observed: ObservedContent): Promise<CommittedFile | undefined>
  /**
   * Changes the size that an upload was begun with, and what it takes up in the project's quota, together. `undefined`, and
   * nothing changes, when there is not so much room or the row is not `uploading` any more.
   */
  growReservation(fileId: FileId, size: number): Promise<FileRow | undefined>
  /** This actor's `uploading` rows, newest first, behind `after`. */
  listPending(query: PendingQuery): Promise<FileRow[]>
  /**
   * This actor's `uploading` rows and anybody's `ready` ones in the project that may have this content; of many with the same,
   * one is enough. Newest first; who asks compares.
   */
  findAlike(query: AlikeQuery): Promise<FileRow[]>
  /** `uploading → expired`, and its space is free again. `false` when the row is not `uploading`. */
  expire(fileId: FileId, reason: EndReason): Promise<boolean>
  /** The rows among these that are `ready`, in any order; writes the audit row of the read. */
  findReadable(fileIds: readonly FileId[], actor: Uploader): Promise<FileRow[]>
  /** Is the database there? */
  ping(): Promise<void>
}

/** What the clean-up of unfinished uploads needs, apart from the request path. */
export interface ExpiredUploads {
  /** `uploading → expired` for rows whose time is over; returns how many. */
  expireOverdue(now: Date): Promise<number>
  /** Expired rows that no signed URL can write to any more at `now`. */
  listForgettable(now: Date, limit: number): Promise<FileId[]>
  /** Deletes an expired row; nothing happens to a row in another state. */
  forget(fileId: FileId): Promise<void>
}
