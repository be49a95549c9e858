/** How bytes enter: begin, inline upload, complete, abort. */
import { z } from 'zod'
import { assetIdSchema } from './asset.ts'
import { cardIdSchema } from './card.ts'
import { fileIdSchema, fileNameSchema, fileUsageSchema, mimeTypeSchema, sha256Schema } from './file.ts'
import { generationIdSchema } from './generation.ts'
import { projectIdSchema } from './project.ts'

/** Chosen by the client, one for each file it means to store; repeating a request with the same key is harmless (P6). */
export const idempotencyKeySchema = z.string().regex(/^[A-Za-z0-9_-]{8,128}$/, 'Not an idempotency key')

/** Begins an upload. Sizes in bytes; what exceeds a limit is refused by its own error code, not by this schema. */
export const beginUploadSchema = z.object({
  idempotencyKey: idempotencyKeySchema,
  name: fileNameSchema,
  mimeType: mimeTypeSchema,
  size: z.int().nonnegative(),
  sha256: sha256Schema,
  usage: fileUsageSchema.default('attachment'),
  projectId: projectIdSchema,
  cardId: cardIdSchema.optional(),
  assetId: assetIdSchema.optional(),
  generationId: generationIdSchema.optional(),
})
export type BeginUpload = z.infer<typeof beginUploadSchema>
export type BeginUploadInput = z.input<typeof beginUploadSchema>

/** A stored file, as the answer to the request that finished it. `record` says whether PocketBase already has its record. */
export const storedFileSchema = z.object({
  fileId: fileIdSchema,
  name: z.string(),
  mimeType: z.string(),
  size: z.int().nonnegative(),
  sha256: sha256Schema,
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  record: z.enum(['written', 'pending']),
})
export type StoredFile = z.infer<typeof storedFileSchema>

/** One presigned PUT: send exactly these headers, or S3 refuses the bytes. */
export const directTransportSchema = z.object({
  kind: z.literal('direct'),
  method: z.literal('PUT'),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
})
export type DirectTransport = z.infer<typeof directTransportSchema>

/** `uploading`: send the bytes, then complete. `ready`: an earlier request with the same key already finished. */
export const begunUploadSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('uploading'), fileId: fileIdSchema, transport: directTransportSchema }),
  z.object({ state: z.literal('ready'), fileId: fileIdSchema, file: storedFileSchema }),
])
export type BegunUpload = z.infer<typeof begunUploadSchema>

export const uploadReferenceSchema = z.object({ fileId: fileIdSchema })
export type UploadReference = z.infer<typeof uploadReferenceSchema>

export const abortedUploadSchema = z.object({ fileId: fileIdSchema, state: z.literal('expired') })
export type AbortedUpload = z.infer<typeof abortedUploadSchema>

/** Names of the two fields of an inline upload's form (RFC 7578). */
export const INLINE_FORM_REQUEST = 'request'
export const INLINE_FORM_BYTES = 'bytes'

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'Not JSON' })
    return z.NEVER
  }
})

const inlineRequestSchema = jsonText.pipe(beginUploadSchema)

export interface InlineUpload {
  request: BeginUpload
  bytes: Blob
}

/** An inline upload: the request as JSON in one form field, the bytes in the other. */
export const inlineUploadSchema = z.instanceof(FormData).transform((form, context): InlineUpload => {
  const request = inlineRequestSchema.safeParse(form.get(INLINE_FORM_REQUEST))
  const bytes = form.get(INLINE_FORM_BYTES)
  for (const issue of request.error?.issues ?? []) {
    context.addIssue({ code: 'custom', message: issue.message, path: issue.path })
  }
  if (!(bytes instanceof Blob))
    context.addIssue({ code: 'custom', message: 'No bytes', path: [INLINE_FORM_BYTES] })
  if (!request.success || !(bytes instanceof Blob)) return z.NEVER
  return { request: request.data, bytes }
})

/** Makes the form that `inlineUploadSchema` reads. */
export function inlineUploadForm(request: BeginUploadInput, bytes: Blob): FormData {
  const form = new FormData()
  form.set(INLINE_FORM_REQUEST, JSON.stringify(request))
  form.set(INLINE_FORM_BYTES, bytes)
  return form
}
