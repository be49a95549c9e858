/** The statements of the request path: each changes a state whole or not at all, and is planned once a connection. */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { prepareStatement } from './database.ts'
import { fileRowSchema } from './file-row.ts'
import { freeSpaceOf } from './project-space.ts'

const value = (name: string) => sql.placeholder(name)

/** Long enough for the delivery that the committing request makes itself, before the background one may take over. */
const FIRST_LEASE_SECONDS = 15

/** Writes in one statement who did what: `source` is a CTE with the columns of `files`. */
function auditFrom(source: SQL, action: string): SQL {
  return sql`insert into audit_log (issuer, subject, action, file_ids)
    select issuer, subject, ${sql.raw(`'${action}'`)}, array[id] from ${source}`
}

/** A row with whether its record is still owed; `f` is its alias. */
const ROW = sql`f.*, exists (select from outbox o where o.file_id = f.id and o.kind = 'create') as record_pending`

/**
 * Known already, refused for want of room (no row comes back), or begun. The project's counter is raised first: its lock is
 * what makes the quota exact. A key that somebody else is just inserting fails the whole statement, reservation included.
 */
function begin(setUp: SQL): SQL {
  return sql`
    with known as (
      select ${ROW} from files f
      where f.issuer = ${value('issuer')} and f.subject = ${value('subject')} and f.idempotency_key = ${value('key')}
    ), reserved as (
      insert into project_storage as p (project_id, used_bytes)
      select ${value('projectId')}::text, ${value('size')}::bigint
      where not exists (select from known) and ${setUp}
        and ${value('size')}::bigint <= coalesce(
          (select q.quota_bytes from project_storage q where q.project_id = ${value('projectId')}),
          ${value('defaultQuota')}::bigint)
      on conflict (project_id) do update set used_bytes = p.used_bytes + excluded.used_bytes
        where p.used_bytes + excluded.used_bytes <= coalesce(p.quota_bytes, ${value('defaultQuota')}::bigint)
      returning project_id
    ), inserted as (
      insert into files (id, state, transport, issuer, subject, idempotency_key, request, expires_at, writable_until)
      select ${value('fileId')}::text, 'uploading', ${value('transport')}::text, ${value('issuer')}::text,
        ${value('subject')}::text, ${value('key')}::text, ${value('request')}::jsonb,
        ${value('expiresAt')}::timestamptz, ${value('writableUntil')}::timestamptz
      from reserved
      returning *
    ), audited as (${auditFrom(sql`inserted`, 'begin')})
    select *, false as record_pending, true as inserted from inserted
    union all
    select *, false from known`
}

const begunRowSchema = fileRowSchema.and(z.object({ inserted: z.boolean() }))

export const beginStatement = prepareStatement({
  name: 'begin',
  statement: begin(sql`true`),
  schema: begunRowSchema,
})

/** The project's lock is held for as long as the statement runs, and not until the disk has it. */
export const beginInlineStatement = prepareStatement({
  name: 'begin_inline',
  statement: begin(sql`set_config('synchronous_commit', 'off', true) is not null`),
  schema: begunRowSchema,
})

export const findUploadStatement = prepareStatement({
  name: 'find_upload',
  statement: sql`select ${ROW} from files f
    where f.id = ${value('fileId')} and f.issuer = ${value('issuer')} and f.subject = ${value('subject')}`,
  schema: fileRowSchema,
})

export const commitStatement = prepareStatement({
  name: 'commit_upload',
  statement: sql`
    with ready as (
      update files set state = 'ready', ready_at = now(),
        mime_type = ${value('mimeType')}, width = ${value('width')}, height = ${value('height')},
        composite_sha256 = ${value('compositeSha256')}, read_sha256 = ${value('readSha256')}, second_type = ${value('secondType')}
      where id = ${value('fileId')} and state = 'uploading'
      returning *
    ), queued as (
      insert into outbox (file_id, due_at)
      select id, now() + make_interval(secs => ${sql.raw(String(FIRST_LEASE_SECONDS))}) from ready
      returning id as outbox_id
    ), audited as (${auditFrom(sql`ready`, 'complete')})
    select ready.*, true as record_pending, queued.outbox_id from ready, queued`,
  schema: fileRowSchema.and(z.object({ outbox_id: z.string() })),
})

export const expireStatement = prepareStatement({
  name: 'expire_upload',
  statement: sql`
    with expired as (
      update files set state = 'expired', ended_by = ${value('reason')}
      where id = ${value('fileId')} and state = 'uploading'
      returning *
    ), freed as (${freeSpaceOf(sql`expired`)}),
    audited as (
      insert into audit_log (issuer, subject, action, file_ids, detail)
      select issuer, subject, 'expire', array[id], ended_by from expired
    )
    select id from expired`,
  schema: z.object({ id: z.string() }),
})

export const growStatement = prepareStatement({
  name: 'grow_reservation',
  statement: sql`
    with upload as (
      select id, project_id, size from files where id = ${value('fileId')} and state = 'uploading' for update
    ), reserved as (
      update project_storage p set used_bytes = greatest(0, p.used_bytes - u.size + ${value('size')}::bigint)
      from upload u
      where p.project_id = u.project_id and (${value('size')}::bigint <= u.size
        or p.used_bytes - u.size + ${value('size')}::bigint <= coalesce(p.quota_bytes, ${value('defaultQuota')}::bigint))
      returning u.id
    ), f as (
      update files set request = jsonb_set(request, '{size}', to_jsonb(${value('size')}::bigint))
      from reserved where files.id = reserved.id
      returning files.*
    )
    select *, false as record_pending from f`,
  schema: fileRowSchema,
})

export const findReadableStatement = prepareStatement({
  name: 'find_readable',
  statement: sql`
    with readable as (select * from files where id = any(${value('fileIds')}::text[]) and state = 'ready'),
    audited as (
      insert into audit_log (issuer, subject, action, file_ids)
      select ${value('issuer')}, ${value('subject')}, 'read', array_agg(id) from readable having count(*) > 0
    )
    select *, false as record_pending from readable`,
  schema: fileRowSchema,
})
