/** Reads rows of `files` as PostgreSQL sends them. */
import { z } from 'zod'
import { errorCodeSchema } from '@studio/contracts/error-code'
import { fileIdSchema } from '@studio/contracts/file'
import { beginUploadSchema } from '@studio/contracts/upload'
import { FILE_STATES, type FileRow } from '../../ports/file-registry.ts'

/** The columns every statement on `files` returns, beside `record_pending`. */
export const fileRowSchema = z
  .object({
    id: fileIdSchema,
    state: z.enum(FILE_STATES),
    transport: z.enum(['inline', 'direct']),
    issuer: z.string(),
    subject: z.string(),
    request: beginUploadSchema,
    mime_type: z.string().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
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
    observed:
      row.mime_type === null ? null : { mimeType: row.mime_type, width: row.width, height: row.height },
    endedBy: row.ended_by,
    recordPending: row.record_pending,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    writableUntil: row.writable_until,
  }))
