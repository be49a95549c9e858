/** The transactional outbox in PostgreSQL. Entries are made by the registry's commit; here they are taken and settled. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { MetadataOutbox } from '../../ports/metadata-outbox.ts'
import { OUTBOX_KINDS } from '../../ports/operator-desk.ts'
import { prepareStatement, type Database } from './database.ts'
import { fileRowSchema } from './file-row.ts'

const entryRowSchema = fileRowSchema.and(
  z.object({ outbox_id: z.string(), kind: z.enum(OUTBOX_KINDS), attempts: z.int() }),
)

const confirmStatement = prepareStatement({
  name: 'confirm_outbox',
  statement: sql`
    with confirmed as (
      delete from outbox o using files f
      where o.id = ${sql.placeholder('id')}::bigint and f.id = o.file_id and f.state = ${sql.placeholder('state')}
        and set_config('synchronous_commit', 'off', true) is not null
    )
    select f.*, true as record_pending from files f
    where f.id = ${sql.placeholder('fileId')} and f.state <> ${sql.placeholder('state')}`,
  schema: fileRowSchema,
})

/** An outbox over an open, migrated database. */
export function createMetadataOutbox(database: Database): MetadataOutbox {
  return {
    async lease({ limit, leaseSeconds }) {
      const rows = await database.rows(
        sql`
          with due as (
            select id from outbox where due_at <= now() order by due_at limit ${limit} for update skip locked
          ), leased as (
            update outbox set due_at = now() + make_interval(secs => ${leaseSeconds}), attempts = attempts + 1
            from due where outbox.id = due.id
            returning outbox.id as outbox_id, outbox.kind, outbox.attempts, outbox.file_id
          )
          select f.*, true as record_pending, leased.outbox_id, leased.kind, leased.attempts
          from leased join files f on f.id = leased.file_id order by leased.outbox_id`,
        entryRowSchema,
      )
      return rows.map(({ outbox_id, kind, attempts, ...row }) => ({ id: outbox_id, kind, attempts, row }))
    },
    async confirm({ id, row }) {
      // Not waited for on disk: an entry that a crash brings back is delivered once more, which is harmless.
      const { state, fileId } = row
      const [changed] = await database.prepared(confirmStatement, { id, state, fileId })
      return changed
    },
    async postpone(id, { retryAt, error }) {
      await database.run(
        sql`update outbox set due_at = ${retryAt.toISOString()}, last_error = ${error} where id = ${id}`,
      )
    },
  }
}
