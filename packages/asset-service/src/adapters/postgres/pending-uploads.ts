/** What a person has begun and not finished, and what looks like the same file, in PostgreSQL. */
import { sql } from 'drizzle-orm'
import type { FileRegistry } from '../../ports/file-registry.ts'
import type { Database } from './database.ts'
import { fileRowSchema } from './file-row.ts'

/** Uploads of one person that were never finished: more than these are not looked through. */
const OWN_AT_MOST = 1000

/** A part of the registry, over an open, migrated database. */
export function createPendingUploads(database: Database): Pick<FileRegistry, 'listPending' | 'findAlike'> {
  return {
    listPending: ({ actor, projectId, after, limit }) =>
      database.rows(
        sql`select *, false as record_pending from files
          where state = 'uploading' and issuer = ${actor.issuer} and subject = ${actor.subject}
            -- Nobody sends bytes of these.
            and transport not in ('copy', 'import')
            ${projectId === undefined ? sql`` : sql`and project_id = ${projectId}`}
            ${after === undefined ? sql`` : sql`and (created_at, id) < (${after.createdAt.toISOString()}, ${after.fileId})`}
          order by created_at desc, id desc limit ${limit}`,
        fileRowSchema,
      ),
    findAlike({ actor, projectId, sha256s, samples }) {
      const row = sql`f.*, exists (select from outbox o where o.file_id = f.id and o.kind = 'create') as record_pending`
      const hashed = sql`f.sha256 = any(${sql.param([...sha256s])}::text[])`
      const sample = sql`f.request->'fingerprint'->>'sample'`
      const sampled = sql`${sample} = any(${sql.param([...samples])}::text[])`
      // Each branch by an index of its own. An upload in parts has no SHA-256 of the whole, and a sample recognises it.
      return database.rows(
        sql`select * from (
            (select ${row} from files f
              where f.state = 'uploading' and f.issuer = ${actor.issuer} and f.subject = ${actor.subject}
                and f.project_id = ${projectId} and (${hashed} or ${sampled})
              order by f.created_at desc limit ${OWN_AT_MOST})
            union
            (select distinct on (f.sha256) ${row} from files f
              where f.state = 'ready' and f.project_id = ${projectId} and ${hashed}
              order by f.sha256, f.created_at desc)
            union
            (select distinct on (${sample}, f.size) ${row} from files f
              where f.state = 'ready' and f.project_id = ${projectId}
                and f.request->'fingerprint' is not null and ${sampled}
              order by ${sample}, f.size, f.created_at desc)
          ) alike order by created_at desc, id`,
        fileRowSchema,
      )
    },
  }
}
