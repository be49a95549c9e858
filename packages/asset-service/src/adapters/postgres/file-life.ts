/** The later life of files in PostgreSQL: trash, back again, and the end. */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { fileIdSchema } from '@studio/contracts/file'
import { projectIdSchema } from '@studio/contracts/project'
import { FILE_STATES, type Uploader } from '../../ports/file-registry.ts'
import type { FileLife, LifeChange, LifeRow, TrashedRow } from '../../ports/file-life.ts'
import { OUTBOX_KINDS, type OutboxKind } from '../../ports/operator-desk.ts'
import type { OutboxEntry } from '../../ports/metadata-outbox.ts'
import type { Database } from './database.ts'
import { fileRowSchema } from './file-row.ts'
import { freeSpaceOf } from './project-space.ts'

/** Longer than the deliveries of one call take; the background takes over after it. */
const LEASE_SECONDS = 30

/** By whom the audit log says that something was purged because its time was over. */
const HOUSEKEEPING: Uploader = { issuer: 'asset-service', subject: 'housekeeping' }

const lifeRowSchema = z
  .object({
    id: fileIdSchema,
    state: z.enum(FILE_STATES),
    project_id: projectIdSchema,
    purge_at: z.coerce.date().nullable(),
  })
  .transform(({ id, state, project_id, purge_at }): LifeRow => ({
    fileId: id,
    state,
    projectId: project_id,
    purgeAt: purge_at,
  }))

const entryRowSchema = fileRowSchema.and(
  z.object({ outbox_id: z.string(), kind: z.enum(OUTBOX_KINDS), attempts: z.int() }),
)

const trashedRowSchema = fileRowSchema.and(
  z.object({ trashed_at: z.coerce.date(), purge_at: z.coerce.date() }),
)

function toTrashedRow({ trashed_at, purge_at, ...row }: z.output<typeof trashedRowSchema>): TrashedRow {
  return { row, trashedAt: trashed_at, purgeAt: purge_at }
}

interface Change {
  /** Which rows; asked again once each is locked, so that it holds at the moment of the change. */
  where: SQL
  set: SQL
  kind: OutboxKind
  action: string
  actor: Uploader
  /** Further CTEs, each with a comma before it. */
  also?: SQL
}

/**
 * Locked in the order of ids, so that two calls about the same files cannot wait for each other. An entry that is leased, or
 * that waits for its next try, stays as it is: whoever delivers it looks at the row after.
 */
function changeStatement({ where, set, kind, action, actor, also = sql`` }: Change): SQL {
  return sql`
    with meant as (select id from files where ${where} order by id for update),
    changed as (update files set ${set} from meant where files.id = meant.id returning files.*),
    queued as (
      insert into outbox as o (file_id, kind, due_at)
      select id, ${kind}, now() + make_interval(secs => ${LEASE_SECONDS}) from changed order by id
      on conflict (file_id, kind) do update set due_at = excluded.due_at, attempts = 0, last_error = null
        where o.due_at <= now()
      returning id as outbox_id, file_id, kind, attempts
    ), audited as (
      insert into audit_log (issuer, subject, action, file_ids)
      select ${actor.issuer}, ${actor.subject}, ${action}, array_agg(id order by id) from changed having count(*) > 0
    ) ${also}
    select changed.*, true as record_pending, queued.outbox_id, queued.kind, queued.attempts
    from changed join queued on queued.file_id = changed.id order by changed.id`
}

/** Their bytes count for the project until here; one row of it is locked, in the order of projects. */
const FREED = sql`, freed as (${freeSpaceOf(sql`changed`)})`

function among({ fileIds, projectIds }: LifeChange): SQL {
  return sql`id = any(${sql.param([...fileIds])}::text[]) and project_id = any(${sql.param([...projectIds])}::text[])`
}

function createChanges(database: Database): Pick<FileLife, 'trash' | 'restore' | 'purge' | 'purgeDue'> {
  const change = async (options: Change): Promise<OutboxEntry[]> => {
    const rows = await database.rows(changeStatement(options), entryRowSchema)
    return rows.map(({ outbox_id, kind, attempts, ...row }) => ({ id: outbox_id, kind, attempts, row }))
  }
  const purged = {
    set: sql`state = 'purged', purge_at = null`,
    kind: 'remove',
    action: 'purge',
    also: FREED,
  } as const
  return {
    trash: ({ now, purgeAt, actor, ...asked }) =>
      change({
        where: sql`${among({ ...asked, actor })} and state = 'ready'`,
        set: sql`state = 'trashed', trashed_at = ${now.toISOString()}, purge_at = ${purgeAt.toISOString()}`,
        kind: 'remove',
        action: 'trash',
        actor,
      }),
    restore: ({ now, actor, ...asked }) =>
      change({
        where: sql`${among({ ...asked, actor })} and state = 'trashed' and purge_at > ${now.toISOString()}`,
        set: sql`state = 'ready', trashed_at = null, purge_at = null`,
        kind: 'create',
        action: 'restore',
        actor,
      }),
    purge: (asked) =>
      change({ ...purged, where: sql`${among(asked)} and state = 'trashed'`, actor: asked.actor }),
    purgeDue: ({ now, limit }) =>
      change({
        ...purged,
        where: sql`state = 'trashed' and id in (
          select id from files where state = 'trashed' and purge_at <= ${now.toISOString()}
          order by purge_at limit ${limit}) and purge_at <= ${now.toISOString()}`,
        actor: HOUSEKEEPING,
      }),
  }
}

/** The later life of files over an open, migrated database. */
export function createFileLife(database: Database): FileLife {
  return {
    ...createChanges(database),
    standings: (fileIds) =>
      database.rows(
        sql`select id, state, project_id, purge_at from files where id = any(${sql.param([...fileIds])}::text[])`,
        lifeRowSchema,
      ),
    listTrashed: async (projectId, limit) => {
      const rows = await database.rows(
        sql`select *, false as record_pending from files where state = 'trashed' and project_id = ${projectId}
          order by trashed_at desc, id limit ${limit}`,
        trashedRowSchema,
      )
      return rows.map(toTrashedRow)
    },
    listPurges: async (limit) => {
      const rows = await database.rows(
        sql`select *, false as record_pending from files where state = 'trashed' order by purge_at, id limit ${limit}`,
        trashedRowSchema,
      )
      return rows.map(toTrashedRow)
    },
    findByKey: async (idempotencyKey, actor) => {
      const [row] = await database.rows(
        sql`select f.*, exists (select from outbox o where o.file_id = f.id and o.kind = 'create') as record_pending
          from files f where f.issuer = ${actor.issuer} and f.subject = ${actor.subject}
            and f.idempotency_key = ${idempotencyKey}`,
        fileRowSchema,
      )
      return row
    },
  }
}
