/** The registry's tables. Migrations are generated from here: `drizzle-kit generate --name <what-it-does>`. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'
import type { BeginUpload } from '@studio/contracts/upload'
import type { FindingKind } from '../../ports/file-ledger.ts'
import type { EndReason, FileState, Transport } from '../../ports/file-registry.ts'
import type { OutboxKind } from '../../ports/operator-desk.ts'
import type { TusSegment } from '../../ports/tus-uploads.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** One row a file, from the moment its upload begins. What `state` may become: `uploads/upload-state.ts`. */
export const files = pgTable(
  'files',
  {
    id: text('id').primaryKey(),
    state: text('state').$type<FileState>().notNull(),
    transport: text('transport').$type<Transport>().notNull(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    request: jsonb('request').$type<BeginUpload>().notNull(),
    mimeType: text('mime_type'),
    width: integer('width'),
    height: integer('height'),
    multipartId: text('multipart_id'),
    compositeSha256: text('composite_sha256'),
    /** What the bytes are beside `mime_type`: such a file is served as an attachment only. */
    secondType: text('second_type'),
    /** Of the whole file, as a scrub read it; a file in one piece has the one it was begun with. */
    readSha256: text('read_sha256'),
    endedBy: text('ended_by').$type<EndReason>(),
    createdAt: instant('created_at').notNull().defaultNow(),
    readyAt: instant('ready_at'),
    expiresAt: instant('expires_at').notNull(),
    writableUntil: instant('writable_until').notNull(),
    /** When the bytes were last read and compared; `null`: never. */
    scrubbedAt: instant('scrubbed_at'),
    trashedAt: instant('trashed_at'),
    /** When a trashed file may be purged. */
    purgeAt: instant('purge_at'),
    // What the request says, as columns of their own, so that it can be searched by.
    projectId: text('project_id').generatedAlwaysAs(sql`request->>'projectId'`),
    size: bigint('size', { mode: 'number' }).generatedAlwaysAs(sql`(request->>'size')::bigint`),
    sha256: text('sha256').generatedAlwaysAs(sql`coalesce(read_sha256, request->>'sha256')`),
  },
  (table) => [
    unique('files_idempotency').on(table.issuer, table.subject, table.idempotencyKey),
    // Partial, so that ten million ready rows cost the clean-up nothing.
    index('files_uploading_by_expiry')
      .on(table.expiresAt)
      .where(sql`state = 'uploading'`),
    index('files_expired_by_writability')
      .on(table.writableUntil)
      .where(sql`state = 'expired'`),
    index('files_ready_by_scrub')
      .on(table.scrubbedAt.asc().nullsFirst())
      .where(sql`state = 'ready'`),
    index('files_uploading_by_person')
      .on(table.issuer, table.subject, table.createdAt)
      .where(sql`state = 'uploading'`),
    index('files_ready_by_content')
      .on(table.projectId, table.sha256)
      .where(sql`state = 'ready'`),
    index('files_ready_by_sample')
      .on(table.projectId, sql`(request->'fingerprint'->>'sample')`)
      .where(sql`state = 'ready' and request->'fingerprint' is not null`),
    index('files_trashed_by_purge')
      .on(table.purgeAt)
      .where(sql`state = 'trashed'`),
    check('files_trashed_dated', sql`(state = 'trashed') = (purge_at is not null)`),
    check('files_id_format', sql`id ~ '^[a-z0-9]{15}$'`),
    check('files_state_known', sql`state in ('uploading', 'ready', 'trashed', 'purged', 'expired')`),
    check('files_ready_observed', sql`state <> 'ready' or (mime_type is not null and ready_at is not null)`),
    check('files_expired_reason', sql`(state = 'expired') = (ended_by is not null)`),
  ],
)

/**
 * What a project takes up: the sizes of its rows that are `uploading`, `ready` or `trashed`, kept by the statements that change
 * them, so that an upload is admitted or refused without a sum over all rows.
 */
export const projectStorage = pgTable(
  'project_storage',
  {
    projectId: text('project_id').primaryKey(),
    usedBytes: bigint('used_bytes', { mode: 'number' }).notNull().default(0),
    /** `null`: the deployment's default. */
    quotaBytes: bigint('quota_bytes', { mode: 'number' }),
  },
  () => [check('project_storage_not_negative', sql`used_bytes >= 0`)],
)

/** What PocketBase still has to be told. Written in the transaction that makes it so, removed when confirmed. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    fileId: text('file_id')
      .notNull()
      .references(() => files.id),
    kind: text('kind').$type<OutboxKind>().notNull().default('create'),
    attempts: integer('attempts').notNull().default(0),
    /** When it may be taken next; taking it sets this to the end of the lease. */
    dueAt: instant('due_at').notNull(),
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    unique('outbox_one_of_a_kind').on(table.fileId, table.kind),
    index('outbox_by_due').on(table.dueAt),
    check('outbox_kind_known', sql`kind in ('create', 'checksum', 'remove')`),
  ],
)

/**
 * How far the bytes of a tus upload have come, and which request may bring more. Gone with the row in `files`, or once that
 * one is not `uploading` any more and its time is over.
 */
export const tusUploads = pgTable(
  'tus_uploads',
  {
    fileId: text('file_id')
      .primaryKey()
      .references(() => files.id, { onDelete: 'cascade' }),
    /** Bytes that no crash can take back: what `Upload-Offset` says. */
    receivedBytes: bigint('received_bytes', { mode: 'number' }).notNull().default(0),
    /** SHA-256 of each part that the store holds, 32 bytes each, in order. */
    partDigests: bytea('part_digests')
      .notNull()
      .default(sql`''::bytea`),
    /** Of bytes behind the last whole part: kept as objects of their own until they fill one. */
    segments: jsonb('segments').$type<TusSegment[]>().notNull().default([]),
    /** Of the whole file, where one request brought all of it. */
    sha256: text('sha256'),
    isLengthDeferred: boolean('is_length_deferred').notNull(),
    /** `Upload-Concat` as the client sent it: `partial`, or `final;` and the addresses of its pieces. */
    concat: text('concat'),
    uploadMetadata: text('upload_metadata'),
    /** Grows with each request that takes the lock: whoever held it before can change nothing any more. */
    lockToken: bigint('lock_token', { mode: 'number' }).notNull().default(0),
    lockedUntil: instant('locked_until')
      .notNull()
      .default(sql`'epoch'`),
    /** Somebody waits for the lock. */
    isReleaseWanted: boolean('is_release_wanted').notNull().default(false),
  },
  () => [
    check('tus_uploads_parts_whole', sql`length(part_digests) % 32 = 0`),
    check('tus_uploads_concat_known', sql`concat = 'partial' or concat like 'final%'`),
  ],
)

/** Who did what to which files, and when. Appended to, never changed. */
export const auditLog = pgTable('audit_log', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  at: instant('at').notNull().defaultNow(),
  issuer: text('issuer').notNull(),
  subject: text('subject').notNull(),
  action: text('action').notNull(),
  fileIds: text('file_ids').array().notNull(),
  detail: text('detail'),
})

/** What is wrong with ready files and only a person can mend. Noted and resolved by reconciliation and scrubbing. */
export const findings = pgTable(
  'findings',
  {
    fileId: text('file_id').notNull(),
    kind: text('kind').$type<FindingKind>().notNull(),
    detail: text('detail').notNull(),
    foundAt: instant('found_at').notNull().defaultNow(),
    seenAt: instant('seen_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.fileId, table.kind] }),
    check('findings_kind_known', sql`kind in ('missing-object', 'size-mismatch', 'checksum-mismatch')`),
  ],
)
