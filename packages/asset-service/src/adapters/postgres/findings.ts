/** What is wrong with ready files, kept in PostgreSQL. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { fileIdSchema } from '@studio/contracts/file'
import { FINDING_KINDS, type Findings, type NotedFinding } from '../../ports/file-ledger.ts'
import type { Database } from './database.ts'

const findingSchema = z
  .object({
    file_id: fileIdSchema,
    kind: z.enum(FINDING_KINDS),
    detail: z.string(),
    found_at: z.coerce.date(),
    seen_at: z.coerce.date(),
  })
  .transform(({ file_id, kind, detail, found_at, seen_at }): NotedFinding => ({
    fileId: file_id,
    kind,
    detail,
    foundAt: found_at,
    seenAt: seen_at,
  }))

/** Findings over an open, migrated database. Those of a file whose bytes nobody can get back any more are nobody's concern. */
export function createFindings(database: Database): Findings {
  return {
    note: async ({ fileId, kind, detail }) =>
      (await database.run(sql`
        insert into findings (file_id, kind, detail)
        select id, ${kind}, ${detail} from files where id = ${fileId} and state in ('ready', 'trashed')
        on conflict (file_id, kind) do update set detail = excluded.detail, seen_at = now()`)) > 0,
    async resolve(fileId, kinds) {
      await database.run(sql`
        delete from findings where file_id = ${fileId} and kind = any(${sql.param([...kinds])}::text[])`)
    },
    list: (limit) =>
      database.rows(
        sql`select g.* from findings g join files f on f.id = g.file_id and f.state in ('ready', 'trashed')
          order by g.found_at, g.file_id, g.kind limit ${limit}`,
        findingSchema,
      ),
  }
}
