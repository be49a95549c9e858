/** The registry in PostgreSQL as reconciliation and scrubbing see it. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { fileIdSchema } from '@studio/contracts/file'
import type { FileLedger, ScrubCandidate, Standing } from '../../ports/file-ledger.ts'
import { FILE_STATES, TRANSPORTS } from '../../ports/file-registry.ts'
import type { Database } from './database.ts'

/** By whom the audit log says that something was removed which nobody asked to remove. */
const ISSUER = 'asset-service'

const standingSchema = z
  .object({
    id: fileIdSchema,
    state: z.enum(FILE_STATES),
    size: z.coerce.number(),
    multipart_id: z.string().nullable(),
  })
  .transform(({ id, state, size, multipart_id }): Standing => ({
    fileId: id,
    state,
    size,
    multipartId: multipart_id,
  }))

const candidateSchema = z
  .object({
    id: fileIdSchema,
    transport: z.enum(TRANSPORTS),
    size: z.coerce.number(),
    declared_sha256: z.string().nullable(),
    composite_sha256: z.string().nullable(),
    read_sha256: z.string().nullable(),
  })
  .transform((row): ScrubCandidate => ({
    fileId: row.id,
    transport: row.transport,
    size: row.size,
    declaredSha256: row.declared_sha256,
    compositeSha256: row.composite_sha256,
    readSha256: row.read_sha256,
  }))

/** A ledger over an open, migrated database. */
export function createFileLedger(database: Database): FileLedger {
  const standing = sql`id, state, request->>'size' as size, multipart_id`
  return {
    standings: (fileIds) =>
      database.rows(
        sql`select ${standing} from files where id = any(${sql.param([...fileIds])}::text[])`,
        standingSchema,
      ),
    listRange: ({ after, until, limit }) =>
      database.rows(
        sql`select ${standing} from files
          where id > ${after} ${until === null ? sql`` : sql`and id <= ${until}`}
          order by id limit ${limit}`,
        standingSchema,
      ),
    async auditRemoval({ fileId, what, detail }) {
      await database.run(sql`
        insert into audit_log (issuer, subject, action, file_ids, detail)
        values (${ISSUER}, 'reconcile', ${`remove ${what}`}, array[${fileId}], ${detail})`)
    },
    listUnscrubbed: ({ before, limit }) =>
      database.rows(
        sql`select id, transport, request->>'size' as size, request->>'sha256' as declared_sha256,
            composite_sha256, read_sha256
          from files
          where state = 'ready' and (scrubbed_at is null or scrubbed_at < ${before.toISOString()})
          order by scrubbed_at nulls first limit ${limit}`,
        candidateSchema,
      ),
    async noteScrubbed(fileId, { at, sha256 = null }) {
      await database.run(sql`
        with before as (select id, read_sha256 from files where id = ${fileId} and state = 'ready' for update),
        scrubbed as (
          update files set scrubbed_at = ${at.toISOString()}, read_sha256 = coalesce(files.read_sha256, ${sha256})
          from before where files.id = before.id
          returning files.id, before.read_sha256 is null and files.read_sha256 is not null as is_news
        )
        insert into outbox (file_id, kind, due_at) select id, 'checksum', now() from scrubbed where is_news
        on conflict (file_id, kind) do nothing`)
    },
  }
}
