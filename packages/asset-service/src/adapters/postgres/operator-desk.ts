/** What an operator wants to see of the registry in PostgreSQL. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { fileIdSchema } from '@studio/contracts/file'
import { FILE_STATES, TRANSPORTS } from '../../ports/file-registry.ts'
import { OUTBOX_KINDS, type OperatorDesk } from '../../ports/operator-desk.ts'
import type { Database } from './database.ts'

const stateSchema = z.object({
  state: z.enum(FILE_STATES),
  files: z.coerce.number(),
  bytes: z.coerce.number(),
})
const backlogSchema = z.object({
  entries: z.coerce.number(),
  failing: z.coerce.number(),
  oldest_at: z.coerce.date().nullable(),
  findings: z.coerce.number(),
})
const unfinishedSchema = z
  .object({
    id: fileIdSchema,
    name: z.string(),
    size: z.coerce.number(),
    transport: z.enum(TRANSPORTS),
    subject: z.string(),
    created_at: z.coerce.date(),
    expires_at: z.coerce.date(),
  })
  .transform(({ id, created_at, expires_at, ...rest }) => ({
    fileId: id,
    begunAt: created_at,
    expiresAt: expires_at,
    ...rest,
  }))
const outboxSchema = z
  .object({
    id: z.string(),
    file_id: fileIdSchema,
    kind: z.enum(OUTBOX_KINDS),
    attempts: z.int(),
    created_at: z.coerce.date(),
    due_at: z.coerce.date(),
    last_error: z.string().nullable(),
  })
  .transform(({ id, file_id, kind, attempts, created_at, due_at, last_error }) => ({
    id,
    fileId: file_id,
    kind,
    attempts,
    createdAt: created_at,
    dueAt: due_at,
    lastError: last_error,
  }))

/** A desk over an open, migrated database. */
export function createOperatorDesk(database: Database): OperatorDesk {
  return {
    async stats() {
      const states = await database.rows(
        sql`select state, count(*) as files, coalesce(sum((request->>'size')::numeric), 0) as bytes
          from files group by state order by state`,
        stateSchema,
      )
      const [backlog] = await database.rows(
        sql`select count(*) as entries, count(last_error) as failing, min(created_at) as oldest_at,
            (select count(*) from findings g join files f on f.id = g.file_id and f.state in ('ready', 'trashed')) as findings
          from outbox`,
        backlogSchema,
      )
      const { entries = 0, failing = 0, oldest_at: oldestAt = null, findings = 0 } = backlog ?? {}
      return { states, outbox: { entries, failing, oldestAt }, findings }
    },
    listUnfinished: (limit) =>
      database.rows(
        sql`select id, request->>'name' as name, request->>'size' as size, transport, subject, created_at, expires_at
          from files where state = 'uploading' order by created_at, id limit ${limit}`,
        unfinishedSchema,
      ),
    listOutbox: (limit) =>
      database.rows(
        sql`select id, file_id, kind, attempts, created_at, due_at, last_error from outbox order by id limit ${limit}`,
        outboxSchema,
      ),
    // One that is being tried again right now is delivered twice then, which is harmless.
    retryOutboxNow: () =>
      database.run(sql`update outbox set due_at = now() where due_at > now() and last_error is not null`),
  }
}
