/** Reads rows of `files` as PostgreSQL sends them. */
import { z } from 'zod'
import { errorCodeSchema } from '@studio/contracts/error-code'
import { fileIdSchema } from '@studio/contracts/file'
import { uploadRequestSchema } from '@studio/contracts/upload'
import { FILE_STATES, TRANSPORTS, type FileRow, type ObservedContent } from '../../ports/file-registry.ts'

interface ObservedColumns {
  mime_type: string | null
  width: number | null
  height: number | null
  composite_sha256: string | null
  read_sha256: string | null
  second_type: string | null
}

function readObserved({
  mime_type,
  width,
  height,
  composite_sha256,
  read_sha256,
  second_type,
}: ObservedColumns): ObservedContent | null {
  if (mime_type === null) return null
  return {
    mimeType: mime_type,
    width,
    height,
    compositeSha256: composite_sha256 ?? undefined,
    readSha256: read_sha256 ?? undefined,
    secondType: second_type ?? undefined,
  }
}

/** The columns every statement on `files` returns, beside `record_pending`. */
export const fileRowSchema = z
  .object({
    id: fileIdSchema,
    state: z.enum(FILE_STATES),
    transport: z.enum(TRANSPORTS),
    issuer: z.string(),
    subject: z.string(),
    request: uploadRequestSchema,
    mime_type: z.string().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    multipart_id: z.string().nullable(),
    composite_sha256: z.string().nullable(),
    read_sha256: z.string().nullable(),
    second_type: z.string().nullable(),
    ended_by: z.union([z.enum(['aborted', 'overdue']), errorCodeSchema]).nullable(),
    created_at: z.coerce.date(),
    expires_at: z.coerce.date(),
    writable_until: z.coerce.date(),
    record_pending: z.boolean(),
  })
  .transform((row): FileRow => ({
    fileId: row.id,
    state: row.state,
    transport: row.transport,
    actor: { issuer: row.issuer, subject: row.subject },
    request: row.request,
    observed: readObserved(row),
    multipartId: row.multipart_id,
    endedBy: row.ended_by,
    recordPending: row.record_pending,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    writableUntil: row.writable_until,
  }))
