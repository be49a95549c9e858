/** The file registry in PostgreSQL: each change of state is one statement, so that it happens whole or not at all. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'
import type { CommittedFile, FileRegistry, FileRow, NewUpload } from '../../ports/file-registry.ts'
import type { Database } from './database.ts'
import { createPendingUploads } from './pending-uploads.ts'
import { createProjectSpace, NO_QUOTA } from './project-space.ts'
import {
  beginInlineStatement,
  beginStatement,
  commitStatement,
  expireStatement,
  findReadableStatement,
  findUploadStatement,
  growStatement,
} from './registry-statements.ts'

/** One that lost to another with its key finds that one's row the next time. */
const BEGIN_ATTEMPTS = 3

const uniqueViolationSchema = z.object({
  cause: z.object({ code: z.literal('23505'), constraint: z.literal('files_idempotency') }),
})

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** How much is left, for the person who reads the refusal. */
function wordsFor(left: number): string {
  const unit = Math.min(UNITS.length - 1, left < 1 ? 0 : Math.floor(Math.log2(left) / 10))
  const amount = left / 1024 ** unit
  // Rounded down: what is said to be left is there.
  const text = unit === 0 ? String(amount) : (Math.floor(amount * 10) / 10).toFixed(1)
  return `This project has no room left for this file: ${text} ${UNITS[unit]} are free.`
}

function isKeyTaken(thrown: unknown): boolean {
  return uniqueViolationSchema.safeParse(thrown).success
}

interface RegistryOptions {
  /** What a project may take up that has no quota of its own, in bytes; absent: no limit. */
  defaultQuota?: number | undefined
}

type Begun = Awaited<ReturnType<FileRegistry['begin']>>

function createBegin(database: Database, options: RegistryOptions): (upload: NewUpload) => Promise<Begun> {
  const defaultQuota = options.defaultQuota ?? NO_QUOTA
  const space = createProjectSpace(database, options)

  const tryOnce = async ({
    fileId,
    actor,
    request,
    transport,
    ...life
  }: NewUpload): Promise<Begun | undefined> => {
    const statement = transport === 'inline' ? beginInlineStatement : beginStatement
    const [begun] = await database.prepared(statement, {
      ...actor,
      fileId,
      transport,
      defaultQuota,
      key: request.idempotencyKey,
      projectId: request.projectId,
      size: request.size,
      request: JSON.stringify(request),
      expiresAt: life.expiresAt.toISOString(),
      writableUntil: life.writableUntil.toISOString(),
    })
    if (begun === undefined) return undefined
    const { inserted, ...row } = begun
    return { row, inserted }
  }

  const quotaExceeded = async ({ projectId, size }: NewUpload['request']): Promise<StudioError> => {
    const { usedBytes, quotaBytes } = await space.find(projectId)
    const left = Math.max(0, (quotaBytes ?? Number.MAX_SAFE_INTEGER) - usedBytes)
    return new StudioError('QUOTA_EXCEEDED', {
      message: wordsFor(left),
      cause: `${size} bytes, ${left} left`,
    })
  }

  return async (upload) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const begun = await tryOnce(upload)
        if (begun !== undefined) return begun
        throw await quotaExceeded(upload.request)
      } catch (thrown) {
        if (attempt === BEGIN_ATTEMPTS || !isKeyTaken(thrown)) throw thrown
      }
    }
  }
}

/** A registry over an open, migrated database. */
export function createFileRegistry(database: Database, options: RegistryOptions = {}): FileRegistry {
  return {
    ...createPendingUploads(database),
    begin: createBegin(database, options),
    async findUpload(fileId, { issuer, subject }): Promise<FileRow | undefined> {
      const [row] = await database.prepared(findUploadStatement, { fileId, issuer, subject })
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
    async commit(
      fileId,
      { compositeSha256 = null, readSha256 = null, secondType = null, ...observed },
    ): Promise<CommittedFile | undefined> {
      const { mimeType, width, height } = observed
      const values = { fileId, mimeType, width, height, compositeSha256, readSha256, secondType }
      const [committed] = await database.prepared(commitStatement, values)
      if (committed === undefined) return undefined
      const { outbox_id: outboxId, ...row } = committed
      return { row, outboxId }
    },
    async growReservation(fileId, size) {
      const defaultQuota = options.defaultQuota ?? NO_QUOTA
      const [row] = await database.prepared(growStatement, { fileId, size, defaultQuota })
      return row
    },
    expire: async (fileId, reason) =>
      (await database.prepared(expireStatement, { fileId, reason })).length > 0,
    findReadable: (fileIds, { issuer, subject }) =>
      database.prepared(findReadableStatement, { fileIds: [...fileIds], issuer, subject }),
    async ping() {
      await database.run(sql`select 1`)
    },
  }
}
