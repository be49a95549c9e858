/** Room for files by project, in PostgreSQL: reserved when an upload begins, freed when it ends without a file or is purged. */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { projectIdSchema } from '@studio/contracts/project'
import type { ProjectSpace } from '../../ports/project-space.ts'
import type { Database } from './database.ts'

/** Stands for "no limit", so that each comparison is one of numbers: the largest `bigint`. */
export const NO_QUOTA = '9223372036854775807'

const bytes = z.coerce.number()
const quota = bytes.transform((value) => (value > Number.MAX_SAFE_INTEGER ? null : value))

const usageSchema = z
  .object({ project_id: projectIdSchema, used: bytes, quota })
  .transform((row) => ({ projectId: row.project_id, usedBytes: row.used, quotaBytes: row.quota }))
const driftSchema = z
  .object({ project_id: projectIdSchema, counted: bytes, actual: bytes })
  .transform((row) => ({ projectId: row.project_id, countedBytes: row.counted, actualBytes: row.actual }))

/**
 * A CTE's body that frees what the rows of `source` took up; give it a name after theirs. Rows of `files` are locked before
 * those of projects everywhere, and projects in the order of their ids, so that nobody waits in a circle. A counter that had
 * drifted below is left at zero: it must not keep an upload from ending, and reconciliation mends it.
 */
export function freeSpaceOf(source: SQL): SQL {
  return sql`
    update project_storage p set used_bytes = greatest(0, p.used_bytes - gone.bytes)
    from (
      select s.project_id, g.bytes from project_storage s
      join (select project_id, sum(size)::bigint as bytes from ${source} group by project_id) g using (project_id)
      order by s.project_id for update of s
    ) gone
    where p.project_id = gone.project_id`
}

/** By three indexes, of which only the first one is large. */
const actualBytes = (projectId: SQL): SQL => sql`(
    select coalesce(sum(size), 0) from (
      select size from files where state = 'ready' and project_id = ${projectId}
      union all select size from files where state = 'uploading' and project_id = ${projectId}
      union all select size from files where state = 'trashed' and project_id = ${projectId}
    ) f)`

/** `defaultQuota` in bytes; absent: no limit. */
export function createProjectSpace(
  database: Database,
  options: { defaultQuota?: number | undefined },
): ProjectSpace {
  const limit = options.defaultQuota ?? NO_QUOTA
  const usage = sql`project_id, used_bytes as used, coalesce(quota_bytes, ${limit}::bigint) as quota`
  return {
    async find(projectId) {
      const [row] = await database.rows(
        sql`select ${usage} from project_storage where project_id = ${projectId}`,
        usageSchema,
      )
      return {
        usedBytes: row?.usedBytes ?? 0,
        quotaBytes: row === undefined ? quota.parse(limit) : row.quotaBytes,
      }
    },
    async setQuota(projectId, wanted) {
      const value = wanted === 'default' ? null : wanted === 'none' ? NO_QUOTA : wanted
      await database.run(sql`
        insert into project_storage (project_id, quota_bytes) values (${projectId}, ${value})
        on conflict (project_id) do update set quota_bytes = excluded.quota_bytes`)
    },
    listLargest: (count) =>
      database.rows(
        sql`select ${usage} from project_storage order by used_bytes desc, project_id limit ${count}`,
        usageSchema,
      ),
    // One statement sees counter and rows at one moment, and every change of both is one statement too.
    check: ({ after, limit: count }) =>
      database.rows(
        sql`select p.project_id, p.used_bytes as counted, ${actualBytes(sql`p.project_id`)} as actual
          from project_storage p where p.project_id > ${after} order by p.project_id limit ${count}`,
        driftSchema,
      ),
    // The sum has to be of a later moment than the lock, hence two statements: the second sees what the first waited for.
    async mend(projectId) {
      await database.transaction([
        sql`select from project_storage where project_id = ${projectId} for update`,
        sql`update project_storage p set used_bytes = ${actualBytes(sql`p.project_id`)} where p.project_id = ${projectId}`,
      ])
    },
  }
}
