/** The file registry in PostgreSQL: each change of state is one statement, so that it happens whole or not at all. */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'
import type { FileId } from '@studio/contracts/file'
import type {
  CommittedFile,
  EndReason,
  FileRegistry,
  FileRow,
  NewUpload,
  ObservedContent,
  Uploader,
} from '../../ports/file-registry.ts'
import type { Database } from './database.ts'
import { fileRowSchema } from './file-row.ts'

/** Long enough for the delivery that the committing request makes itself, before the background one may take over. */
const FIRST_LEASE_SECONDS = 15

/** A concurrent insert of the same key is invisible to the statement that lost to it, and visible to the next one. */
const BEGIN_ATTEMPTS = 3

/** Unnests in one statement who did what: `source` is a CTE with the columns of `files`. */
function auditFrom(source: SQL, action: string): SQL {
  return sql`insert into audit_log (issuer, subject, action, file_ids)
    select issuer, subject, ${action}, array[id] from ${source}`
}

const begunRowSchema = fileRowSchema.and(z.object({ inserted: z.boolean() }))
const committedRowSchema = fileRowSchema.and(z.object({ outbox_id: z.string() }))

function beginStatement(upload: NewUpload): SQL {
  const { fileId, actor, request, transport } = upload
  return sql`
    with inserted as (
      insert into files (id, state, transport, issuer, subject, idempotency_key, request, expires_at, writable_until)
      values (${fileId}, 'uploading', ${transport}, ${actor.issuer}, ${actor.subject}, ${request.idempotencyKey},
        ${JSON.stringify(request)}::jsonb, ${upload.expiresAt.toISOString()}, ${upload.writableUntil.toISOString()})
      on conflict (issuer, subject, idempotency_key) do nothing
      returning *
    ), audited as (${auditFrom(sql`inserted`, 'begin')})
    select *, false as record_pending, true as inserted from inserted
    union all
    select f.*, exists (select from outbox o where o.file_id = f.id and o.kind = 'create'), false from files f
    where f.issuer = ${actor.issuer} and f.subject = ${actor.subject}
      and f.idempotency_key = ${request.idempotencyKey} and not exists (select from inserted)`
}

function commitStatement(fileId: FileId, observed: ObservedContent): SQL {
  return sql`
    with ready as (
      update files set state = 'ready', ready_at = now(),
        mime_type = ${observed.mimeType}, width = ${observed.width}, height = ${observed.height},
        composite_sha256 = ${observed.compositeSha256 ?? null}
      where id = ${fileId} and state = 'uploading'
      returning *
    ), queued as (
      insert into outbox (file_id, due_at)
      select id, now() + make_interval(secs => ${FIRST_LEASE_SECONDS}) from ready
      returning id as outbox_id
    ), audited as (${auditFrom(sql`ready`, 'complete')})
    select ready.*, true as record_pending, queued.outbox_id from ready, queued`
}

function expireStatement(fileId: FileId, reason: EndReason): SQL {
  return sql`
    with expired as (
      update files set state = 'expired', ended_by = ${reason}
      where id = ${fileId} and state = 'uploading'
      returning *
    ), audited as (
      insert into audit_log (issuer, subject, action, file_ids, detail)
      select issuer, subject, 'expire', array[id], ${reason} from expired
    )
    select id from expired`
}

function findReadableStatement(fileIds: readonly FileId[], reader: Uploader): SQL {
  const ids = sql`${sql.param([...fileIds])}::text[]`
  return sql`
    with readable as (select * from files where id = any(${ids}) and state = 'ready'),
    audited as (
      insert into audit_log (issuer, subject, action, file_ids)
      select ${reader.issuer}, ${reader.subject}, 'read', array_agg(id) from readable having count(*) > 0
    )
    select *, false as record_pending from readable`
}

/** A registry over an open, migrated database. */
export function createFileRegistry(database: Database): FileRegistry {
  return {
    async begin(upload) {
      for (let attempt = 0; attempt < BEGIN_ATTEMPTS; attempt += 1) {
        const [begun] = await database.rows(beginStatement(upload), begunRowSchema)
        if (begun === undefined) continue
        const { inserted, ...row } = begun
        return { row, inserted }
      }
      throw new StudioError('REGISTRY_UNAVAILABLE', { cause: 'a row was neither inserted nor found' })
    },
    async findUpload(fileId, actor): Promise<FileRow | undefined> {
      const [row] = await database.rows(
        sql`select f.*, exists (select from outbox o where o.file_id = f.id and o.kind = 'create') as record_pending from files f
          where f.id = ${fileId} and f.issuer = ${actor.issuer} and f.subject = ${actor.subject}`,
        fileRowSchema,
      )
      return row
    },
    async extend(fileId, { writableUntil, expiresAt }) {
      await database.run(sql`
        update files set writable_until = greatest(writable_until, ${writableUntil.toISOString()}),
          expires_at = greatest(expires_at, ${expiresAt.toISOString()})
        where id = ${fileId}`)
    },
    async noteMultipart(fileId, multipartId) {
      const [row] = await database.rows(
        sql`update files set multipart_id = coalesce(multipart_id, ${multipartId})
          where id = ${fileId} and state = 'uploading' returning multipart_id`,
        z.object({ multipart_id: z.string() }),
      )
      return row?.multipart_id
    },
    async commit(fileId, observed): Promise<CommittedFile | undefined> {
      const [committed] = await database.rows(commitStatement(fileId, observed), committedRowSchema)
      if (committed === undefined) return undefined
      const { outbox_id: outboxId, ...row } = committed
      return { row, outboxId }
    },
    expire: async (fileId, reason) => (await database.run(expireStatement(fileId, reason))) > 0,
    findReadable: (fileIds, reader) => database.rows(findReadableStatement(fileIds, reader), fileRowSchema),
    async ping() {
      await database.run(sql`select 1`)
    },
  }
}
