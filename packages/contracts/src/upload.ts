/** How bytes enter: begin, inline upload, complete, abort. */
import { z } from 'zod'
import { assetIdSchema } from './asset.ts'
import { cardIdSchema } from './card.ts'
import {
  fileIdSchema,
  fileNameSchema,
  fileUsageSchema,
  folderPathSchema,
  mimeTypeSchema,
  sha256Schema,
} from './file.ts'
import { generationIdSchema } from './generation.ts'
import { PARTS_MAX, SIGN_PARTS_MAX_ITEMS, SINGLE_PUT_MAX_BYTES } from './limits.ts'
import { projectIdSchema } from './project.ts'

/** Chosen by the client, one for each file it means to store; repeating a request with the same key is harmless (P6). */
export const idempotencyKeySchema = z.string().regex(/^[A-Za-z0-9_-]{8,128}$/, 'Not an idempotency key')

/**
 * What tells a file from others before it is read as a whole: when it was last changed (in milliseconds since 1970), and the
 * SHA-256 over its first, middle and last 64 KiB. It only helps to recognise: nothing is believed because of it.
 */
export const fingerprintSchema = z.object({ lastModified: z.int().nullable(), sample: sha256Schema })
export type Fingerprint = z.infer<typeof fingerprintSchema>

/** What a file is begun with. Sizes in bytes; what exceeds a limit is refused by its own error code, not by this schema. */
export const uploadRequestSchema = z.object({
  idempotencyKey: idempotencyKeySchema,
  name: fileNameSchema,
  mimeType: mimeTypeSchema,
  size: z.int().nonnegative(),
  sha256: sha256Schema.optional(),
  usage: fileUsageSchema.default('attachment'),
  projectId: projectIdSchema,
  cardId: cardIdSchema.optional(),
  assetId: assetIdSchema.optional(),
  generationId: generationIdSchema.optional(),
  /** The folders that it was dropped with. */
  path: folderPathSchema.optional(),
  fingerprint: fingerprintSchema.optional(),
})

/**
 * Begins an upload whose bytes the client sends. One that goes in parts is not hashed as a whole beforehand: each of its parts
 * is, when it is sent.
 */
export const beginUploadSchema = uploadRequestSchema.refine(
  ({ size, sha256 }) => size > SINGLE_PUT_MAX_BYTES || sha256 !== undefined,
  {
    path: ['sha256'],
    message: 'A file that goes in one piece needs its SHA-256',
  },
)
export type BeginUpload = z.infer<typeof beginUploadSchema>
export type BeginUploadInput = z.input<typeof beginUploadSchema>

/** A stored file, as the answer to the request that finished it. `record` says whether PocketBase already has its record. */
export const storedFileSchema = z.object({
  fileId: fileIdSchema,
  name: z.string(),
  mimeType: z.string(),
  size: z.int().nonnegative(),
  /** `null` for a file that went in parts, until somebody has read it as a whole. */
  sha256: sha256Schema.nullable(),
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

/** Parts of `partSize` bytes, the last one as long as what is left; their URLs are asked for when they are needed. */
export const multipartTransportSchema = z.object({
  kind: z.literal('multipart'),
  partSize: z.int().positive(),
  partCount: z.int().min(1).max(PARTS_MAX),
})
export type MultipartTransport = z.infer<typeof multipartTransportSchema>

/**
 * One body by tus 1.0 to this address, relative to the origin of the answering server: PATCH from the offset that HEAD
 * tells. The server completes the upload with its last byte; `complete` only asks for the result.
 */
export const tusTransportSchema = z.object({ kind: z.literal('tus'), url: z.string() })
export type TusTransport = z.infer<typeof tusTransportSchema>

export const transportSchema = z.discriminatedUnion('kind', [
  directTransportSchema,
  multipartTransportSchema,
  tusTransportSchema,
])
export type Transport = z.infer<typeof transportSchema>

/** `uploading`: send the bytes, then complete. `ready`: an earlier request with the same key already finished. */
export const begunUploadSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('uploading'), fileId: fileIdSchema, transport: transportSchema }),
  z.object({ state: z.literal('ready'), fileId: fileIdSchema, file: storedFileSchema }),
])
export type BegunUpload = z.infer<typeof begunUploadSchema>

export const uploadReferenceSchema = z.object({ fileId: fileIdSchema })
export type UploadReference = z.infer<typeof uploadReferenceSchema>

export const partNumberSchema = z.int().min(1).max(PARTS_MAX)

/** Asks for URLs of parts: each fits the bytes with this SHA-256 and no others. */
export const signPartsSchema = z.object({
  fileId: fileIdSchema,
  parts: z
    .array(z.object({ partNumber: partNumberSchema, sha256: sha256Schema }))
    .min(1)
    .max(SIGN_PARTS_MAX_ITEMS),
})
export type SignParts = z.infer<typeof signPartsSchema>

export const signedPartsSchema = z.object({
  parts: z.array(
    z.object({
      partNumber: partNumberSchema,
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      expiresAt: z.iso.datetime(),
    }),
  ),
})
export type SignedParts = z.infer<typeof signedPartsSchema>

/**
 * The parts that the store has confirmed: what a resumed upload does not send again. `assembled`: all of them are one
 * object already, from a `complete` whose answer was lost, so there is nothing to send and only `complete` to repeat.
 */
export const uploadedPartsSchema = z.object({
  assembled: z.boolean().optional(),
  parts: z.array(z.object({ partNumber: partNumberSchema, size: z.int(), sha256: sha256Schema })),
})
export type UploadedParts = z.infer<typeof uploadedPartsSchema>

/** Completes an upload. For one in parts: the SHA-256 of each part in order, as the client computed them. */
export const completeUploadSchema = uploadReferenceSchema.extend({
  partDigests: z.array(sha256Schema).min(1).max(PARTS_MAX).optional(),
})
export type CompleteUpload = z.infer<typeof completeUploadSchema>

export const abortedUploadSchema = z.object({ fileId: fileIdSchema, state: z.literal('expired') })
export type AbortedUpload = z.infer<typeof abortedUploadSchema>
