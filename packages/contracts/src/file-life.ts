/** What becomes of stored files: trash, back again, the end; and copies of them. */
import { z } from 'zod'
import { assetIdSchema } from './asset.ts'
import { cardIdSchema } from './card.ts'
import { errorCodeSchema } from './error-code.ts'
import { fileIdSchema, fileNameSchema, fileUsageSchema } from './file.ts'
import { generationIdSchema } from './generation.ts'
import { projectIdSchema } from './project.ts'
import { idempotencyKeySchema, storedFileSchema } from './upload.ts'

/** Files in one call: each is a change of its own to PocketBase as well. */
export const FILE_CHANGES_MAX_ITEMS = 100

/** Files that are shown of one project's trash. */
export const TRASH_MAX_ITEMS = 1000

/** How long the trash keeps a file unless the deployment says otherwise. */
export const TRASH_RETENTION_DAYS = 30

export const fileIdsSchema = z.object({ fileIds: z.array(fileIdSchema).min(1).max(FILE_CHANGES_MAX_ITEMS) })
export type FileIds = z.infer<typeof fileIdsSchema>

/** What the Asset Service is asked: only files of these projects, in which its caller has let the person change files. */
export const fileChangeSchema = fileIdsSchema.extend({ projectIds: z.array(projectIdSchema) })
export type FileChange = z.infer<typeof fileChangeSchema>

/** Which projects these files are in, as the registry knows it: what a caller has to ask before a change. */
export const filePlacesSchema = z.object({
  places: z.array(z.object({ fileId: fileIdSchema, projectId: projectIdSchema })),
})
export type FilePlaces = z.infer<typeof filePlacesSchema>

/** What a file is after the call. Files that do not exist and files that one may not change look the same. */
export const fileFateSchema = z.union([
  z.object({ status: z.literal('ok'), fileId: fileIdSchema, state: z.enum(['ready', 'purged']) }),
  z.object({
    status: z.literal('ok'),
    fileId: fileIdSchema,
    state: z.literal('trashed'),
    /** From then on it cannot be restored any more. */
    purgeAt: z.iso.datetime(),
  }),
  z.object({ status: z.literal('error'), fileId: fileIdSchema, code: errorCodeSchema }),
])
export type FileFate = z.infer<typeof fileFateSchema>

/** One answer for each file asked for, in the same order. */
export const fileFatesSchema = z.object({ items: z.array(fileFateSchema) })
export type FileFates = z.infer<typeof fileFatesSchema>

export const listTrashSchema = z.object({ projectId: projectIdSchema })
export type ListTrash = z.infer<typeof listTrashSchema>

/** A file in the trash: PocketBase has no record of it while it is there. */
export const trashedFileSchema = z.object({
  fileId: fileIdSchema,
  projectId: projectIdSchema,
  cardId: cardIdSchema.nullable(),
  name: z.string(),
  mimeType: z.string(),
  size: z.int().nonnegative(),
  trashedAt: z.iso.datetime(),
  purgeAt: z.iso.datetime(),
})

/** The last trashed first. */
export const trashSchema = z.object({ files: z.array(trashedFileSchema) })
export type Trash = z.infer<typeof trashSchema>

/** Where a new file goes that is made from something else than an upload. */
const fileTargetSchema = z.object({
  projectId: projectIdSchema,
  cardId: cardIdSchema.optional(),
  assetId: assetIdSchema.optional(),
  generationId: generationIdSchema.optional(),
})

/** Copies a file inside the store. Name and usage are those of the file unless said otherwise. */
export const copyFileSchema = z.object({
  idempotencyKey: idempotencyKeySchema,
  fileId: fileIdSchema,
  target: fileTargetSchema,
  name: fileNameSchema.optional(),
  usage: fileUsageSchema.optional(),
})
export type CopyFile = z.infer<typeof copyFileSchema>

/** Longer than most servers take ("HTTP Semantics", RFC 9110, section 4.1: at least 8,000 octets). */
const URL_MAX_CHARACTERS = 8_000

/** Fetches a file from a public address of the web. */
export const importUrlSchema = z.object({
  idempotencyKey: idempotencyKeySchema,
  url: z.url({ protocol: /^https?$/ }).max(URL_MAX_CHARACTERS),
  target: fileTargetSchema,
  /** The last part of the address when absent. */
  name: fileNameSchema.optional(),
  usage: fileUsageSchema.default('attachment'),
})
export type ImportUrl = z.infer<typeof importUrlSchema>

/** `importing`: ask again with its id. A large file comes in parts; a small one is `ready` in the first answer. */
export const importedFileSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('importing'), fileId: fileIdSchema, size: z.int().nonnegative() }),
  z.object({ state: z.literal('ready'), fileId: fileIdSchema, file: storedFileSchema }),
  z.object({ state: z.literal('failed'), fileId: fileIdSchema, code: errorCodeSchema }),
])
export type ImportedFile = z.infer<typeof importedFileSchema>

export const importReferenceSchema = z.object({ fileId: fileIdSchema })
export type ImportReference = z.infer<typeof importReferenceSchema>
