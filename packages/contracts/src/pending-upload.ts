/** Uploads that were begun and not finished, and files that are there already: what a person is offered before they send. */
import { z } from 'zod'
import { fileIdSchema } from './file.ts'
import { DUPLICATES_MAX_ITEMS, PENDING_MAX_ITEMS } from './limits.ts'
import { projectIdSchema } from './project.ts'
import { storedFileSchema, uploadRequestSchema } from './upload.ts'

/** The caller's own unfinished uploads, newest first, a page at a time. */
export const listPendingSchema = z.object({
  projectId: projectIdSchema.optional(),
  /** The `next` of the page before. */
  cursor: z.string().max(100).optional(),
  limit: z.int().min(1).max(PENDING_MAX_ITEMS).default(PENDING_MAX_ITEMS),
})
export type ListPending = z.infer<typeof listPendingSchema>

/**
 * An unfinished upload. `request` is what it was begun with: begun again just so, with the same file, it goes on where it was.
 */
export const pendingUploadSchema = z.object({
  fileId: fileIdSchema,
  request: uploadRequestSchema,
  transport: z.string(),
  begunAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Bytes that do not have to be sent again; `null` when the store could not be asked. */
  confirmedBytes: z.int().nonnegative().nullable(),
})
export type PendingUpload = z.infer<typeof pendingUploadSchema>

export const pendingUploadsSchema = z.object({
  uploads: z.array(pendingUploadSchema),
  /** Where the next page begins; `null` on the last. */
  next: z.string().nullable(),
})
export type PendingUploads = z.infer<typeof pendingUploadsSchema>

/**
 * Files that somebody means to upload into one project. A file that is not hashed as a whole is recognised by its size and the
 * sample of its content.
 */
export const findDuplicatesSchema = z.object({
  projectId: projectIdSchema,
  items: z
    .array(
      uploadRequestSchema.pick({
        name: true,
        size: true,
        sha256: true,
        cardId: true,
        assetId: true,
        fingerprint: true,
      }),
    )
    .min(1)
    .max(DUPLICATES_MAX_ITEMS),
})
export type FindDuplicates = z.infer<typeof findDuplicatesSchema>
export type DuplicateItem = FindDuplicates['items'][number]

/**
 * `continue`: the caller began the same file in the same place before, and can go on with that. `already-here`: the project has
 * a file with this content. Nothing is reserved by an offer, and who does not want it begins as if there were none.
 */
export const duplicateOfferSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('continue'), upload: pendingUploadSchema }),
  z.object({ kind: z.literal('already-here'), file: storedFileSchema }),
])
export type DuplicateOffer = z.infer<typeof duplicateOfferSchema>

/** One offer for each item, in the same order. */
export const duplicateOffersSchema = z.object({ offers: z.array(duplicateOfferSchema) })
export type DuplicateOffers = z.infer<typeof duplicateOffersSchema>

/** How much a project takes up, unfinished uploads and trash included. Bytes; `quotaBytes` is `null` where there is no limit. */
export const projectStorageSchema = z.object({
  usedBytes: z.int().nonnegative(),
  quotaBytes: z.int().nonnegative().nullable(),
})
export type ProjectStorage = z.infer<typeof projectStorageSchema>

export const projectReferenceSchema = z.object({ projectId: projectIdSchema })
export type ProjectReference = z.infer<typeof projectReferenceSchema>
