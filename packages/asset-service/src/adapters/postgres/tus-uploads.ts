/** Progress and locks of tus uploads in PostgreSQL: each change is one statement, and asks who holds the lock. */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { fileIdSchema } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import type { TusAdvance, TusLock, TusUpload, TusUploads } from '../../ports/tus-uploads.ts'
import type { Database } from './database.ts'
import { NO_QUOTA } from './project-space.ts'

const DIGEST_DIGITS = 64

const segmentsSchema = z.array(z.object({ start: z.int(), size: z.int(), token: z.int() }))

const uploadSchema = z
  .object({
    file_id: fileIdSchema,
    received_bytes: z.coerce.number(),
    part_digests: z.string(),
    segments: segmentsSchema,
    sha256: z.string().nullable(),
    is_length_deferred: z.boolean(),
    concat: z.string().nullable(),
    upload_metadata: z.string().nullable(),
  })
  .transform((row): TusUpload => ({
    fileId: row.file_id,
    receivedBytes: row.received_bytes,
    partDigests: cutDigests(row.part_digests),
    segments: row.segments,
    sha256: row.sha256,
    isLengthDeferred: row.is_length_deferred,
    concat: row.concat,
    uploadMetadata: row.upload_metadata,
  }))

const lockSchema = z
  .object({ file_id: fileIdSchema, lock_token: z.coerce.number(), is_release_wanted: z.boolean() })
  .transform((row) => ({
    fileId: row.file_id,
    token: row.lock_token,
    isReleaseWanted: row.is_release_wanted,
  }))

function cutDigests(digits: string): string[] {
  return Array.from({ length: digits.length / DIGEST_DIGITS }, (_, index) =>
    digits.slice(index * DIGEST_DIGITS, (index + 1) * DIGEST_DIGITS),
  )
}

/** The row in `files` decides whether the upload still runs, the row beside it whether this request may go on. */
function advanceStatement({ fileId, token }: TusLock, advance: TusAdvance): SQL {
  const { from, to, newPartDigests, segments, sha256 = null, until } = advance
  return sql`
    with alive as (
      update files set writable_until = greatest(writable_until, ${until.writableUntil.toISOString()}),
        expires_at = greatest(expires_at, ${until.expiresAt.toISOString()})
      where id = ${fileId} and state = 'uploading' and exists (
        select from tus_uploads where file_id = ${fileId} and lock_token = ${token} and received_bytes = ${from})
      returning id
    )
    update tus_uploads set received_bytes = ${to}, segments = ${JSON.stringify(segments)}::jsonb,
      part_digests = part_digests || decode(${newPartDigests.join('')}, 'hex'),
      sha256 = coalesce(${sha256}, sha256)
    from alive where file_id = alive.id and lock_token = ${token} and received_bytes = ${from}`
}

interface Resize {
  size: number
  isFinal: boolean
  /** What a project may take up unless its row says otherwise, in bytes. */
  quota: number | string
}

/** Reserves what the size grows by. The row in `files` is locked before the project's, as everywhere. */
function resizeStatement({ fileId, token }: TusLock, { size, isFinal, quota }: Resize): SQL {
  return sql`
    with target as (
      select f.id, f.project_id, ${size}::bigint - f.size as growth
      from files f join tus_uploads t on t.file_id = f.id
      where f.id = ${fileId} and f.state = 'uploading' and t.lock_token = ${token} for update of f
    ), reserved as (
      insert into project_storage as p (project_id, used_bytes) select project_id, growth from target
      on conflict (project_id) do update set used_bytes = p.used_bytes + excluded.used_bytes
        where p.used_bytes + excluded.used_bytes <= coalesce(p.quota_bytes, ${quota}::bigint)
      returning project_id
    ), resized as (
      update files f set request = jsonb_set(f.request, '{size}', to_jsonb(${size}::bigint))
      from target, reserved where f.id = target.id returning f.id
    ), marked as (
      update tus_uploads set is_length_deferred = ${!isFinal} from resized where file_id = resized.id
    )
    select exists (select from target) as found, exists (select from resized) as fits`
}

const resizedSchema = z.object({ found: z.boolean(), fits: z.boolean() })

/** Progress of tus uploads over an open, migrated database. `defaultQuota` in bytes; absent: no limit. */
export function createTusUploads(
  database: Database,
  options: { defaultQuota?: number | undefined } = {},
): TusUploads {
  return {
    async create({ fileId, isLengthDeferred, concat, uploadMetadata }) {
      await database.run(sql`
        insert into tus_uploads (file_id, is_length_deferred, concat, upload_metadata)
        values (${fileId}, ${isLengthDeferred}, ${concat}, ${uploadMetadata}) on conflict (file_id) do nothing`)
    },
    async find(fileId) {
      const [found] = await database.rows(
        sql`select file_id, received_bytes, encode(part_digests, 'hex') as part_digests, segments, sha256,
            is_length_deferred, concat, upload_metadata
          from tus_uploads where file_id = ${fileId}`,
        uploadSchema,
      )
      return found
    },
    async tryLock(fileId, seconds) {
      const [row] = await database.rows(
        sql`update tus_uploads set is_release_wanted = locked_until > now(),
            lock_token = case when locked_until > now() then lock_token else lock_token + 1 end,
            locked_until = case when locked_until > now() then locked_until
              else now() + make_interval(secs => ${seconds}) end
          where file_id = ${fileId} returning file_id, lock_token, is_release_wanted`,
        lockSchema,
      )
      if (row === undefined) return 'absent'
      return row.isReleaseWanted ? 'held' : { fileId, token: row.token }
    },
    renew: (locks, seconds) =>
      database.rows(
        sql`update tus_uploads t set locked_until = now() + make_interval(secs => ${seconds})
          from unnest(${sql.param(locks.map(({ fileId }) => fileId))}::text[],
            ${sql.param(locks.map(({ token }) => token))}::bigint[]) as held (id, token)
          where t.file_id = held.id and t.lock_token = held.token
          returning t.file_id, t.lock_token, t.is_release_wanted`,
        lockSchema,
      ),
    async unlock({ fileId, token }) {
      await database.run(sql`
        update tus_uploads set locked_until = 'epoch', is_release_wanted = false
        where file_id = ${fileId} and lock_token = ${token}`)
    },
    advance: async (lock, advance) => (await database.run(advanceStatement(lock, advance))) > 0,
    async resize(lock, size, { isFinal }) {
      const quota = options.defaultQuota ?? NO_QUOTA
      const [resized] = await database.rows(resizeStatement(lock, { size, isFinal, quota }), resizedSchema)
      if (resized?.found !== true) return false
      if (!resized.fits) throw new StudioError('QUOTA_EXCEEDED')
      return true
    },
    async forgetSettled(now) {
      await database.run(sql`
        delete from tus_uploads t using files f
        where f.id = t.file_id and f.state <> 'uploading' and f.expires_at < ${now.toISOString()}`)
    },
  }
}
