/** The registry's tables. Migrations are generated from here: `drizzle-kit generate --name <what-it-does>`. */
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core'
import type { BeginUpload } from '@studio/contracts/upload'
import type { EndReason, FileState, Transport } from '../../ports/file-registry.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })

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
    endedBy: text('ended_by').$type<EndReason>(),
    createdAt: instant('created_at').notNull().defaultNow(),
    readyAt: instant('ready_at'),
    expiresAt: instant('expires_at').notNull(),
    writableUntil: instant('writable_until').notNull(),
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
    check('files_id_format', sql`id ~ '^[a-z0-9]{15}$'`),
    check('files_state_known', sql`state in ('uploading', 'ready', 'trashed', 'purged', 'expired')`),
    check('files_ready_observed', sql`state <> 'ready' or (mime_type is not null and ready_at is not null)`),
    check('files_expired_reason', sql`(state = 'expired') = (ended_by is not null)`),
  ],
)

/** What PocketBase still has to be told. Written in the transaction that makes a file ready, removed when confirmed. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    fileId: text('file_id')
      .notNull()
      .unique('outbox_one_per_file')
      .references(() => files.id),
    attempts: integer('attempts').notNull().default(0),
    /** When it may be taken next; taking it sets this to the end of the lease. */
    dueAt: instant('due_at').notNull(),
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('outbox_by_due').on(table.dueAt)],
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
