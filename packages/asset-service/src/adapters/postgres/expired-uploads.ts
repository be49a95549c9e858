/** The clean-up side of the registry in PostgreSQL. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { fileIdSchema } from '@studio/contracts/file'
import type { ExpiredUploads } from '../../ports/file-registry.ts'
import type { Database } from './database.ts'
import { freeSpaceOf } from './project-space.ts'

const idRowSchema = z.object({ id: fileIdSchema }).transform((row) => row.id)

/** Clean-up over an open, migrated database. Replicas may run it at once: each row changes once. */
export function createExpiredUploads(database: Database): ExpiredUploads {
  return {
    expireOverdue: (now) =>
      database.run(sql`
        with expired as (
          update files set state = 'expired', ended_by = 'overdue'
          where state = 'uploading' and expires_at < ${now.toISOString()}
          returning *
        ), freed as (${freeSpaceOf(sql`expired`)}),
        audited as (
          insert into audit_log (issuer, subject, action, file_ids, detail)
          select issuer, subject, 'expire', array[id], 'overdue' from expired
        )
        select id from expired`),
    listForgettable: (now, limit) =>
      database.rows(
        sql`select id from files where state = 'expired' and writable_until < ${now.toISOString()}
          order by writable_until limit ${limit}`,
        idRowSchema,
      ),
    async forget(fileId) {
      await database.run(sql`delete from files where id = ${fileId} and state = 'expired'`)
    },
  }
}
