/** A file's identity and metadata: what PocketBase keeps in `files`, which says nothing about where the bytes are. */
import { z } from 'zod'
import { assetIdSchema } from './asset.ts'
import { cardIdSchema } from './card.ts'
import { generationIdSchema } from './generation.ts'
import { FILE_NAME_MAX_CODE_POINTS, FOLDER_PATH_MAX_CODE_POINTS } from './limits.ts'
import { userIdSchema } from './actor.ts'
import { projectIdSchema } from './project.ts'
import { optionalRelation, optionalText, recordIdSchema, timestampSchema } from './record-id.ts'

/** One id for the registry row, the PocketBase record and the object's key (docs/promises.md). */
export const fileIdSchema = recordIdSchema.brand<'FileId'>()
export type FileId = z.infer<typeof fileIdSchema>

// Any Unicode, but not a path: separators, control characters and the two directory names are refused, not repaired,
// so that what a person reads in an error is what they sent.
const PATH_OR_CONTROL = /[/\\\p{Cc}]/u

export const fileNameSchema = z
  .string()
  .min(1, 'A file needs a name')
  .refine(
    (name) => [...name].length <= FILE_NAME_MAX_CODE_POINTS,
    `A name has at most ${FILE_NAME_MAX_CODE_POINTS} characters`,
  )
  .refine((name) => !PATH_OR_CONTROL.test(name), 'A name has no slashes and no control characters')
  .refine((name) => name !== '.' && name !== '..', 'A name cannot be a directory')
  .refine((name) => name.isWellFormed(), 'A name is well-formed Unicode')

/** The folders that a file lay in below what was dropped, outermost first: `shots/day 1`. Each is a name like a file's. */
export const folderPathSchema = z
  .string()
  .refine(
    (path) => [...path].length <= FOLDER_PATH_MAX_CODE_POINTS,
    `A path has at most ${FOLDER_PATH_MAX_CODE_POINTS} characters`,
  )
  .refine(
    (path) => path.split('/').every((folder) => fileNameSchema.safeParse(folder).success),
    'A path is names of folders with a slash between them',
  )

/** RFC 6838, section 4.2: type and subtype, without parameters, lower case. */
export const mimeTypeSchema = z
  .string()
  .transform((text) => (text.split(';')[0] ?? '').trim().toLowerCase())
  .pipe(
    z
      .string()
      .max(255)
      .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/, 'Not a MIME type'),
  )

/** SHA-256 of the whole file, 64 lower-case hexadecimal digits. */
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A SHA-256 is 64 lower-case hexadecimal digits')

export const fileUsageSchema = z.enum([
  'attachment',
  'thumbnail',
  'preview',
  'generation_input',
  'generation_output',
  'avatar',
])
export type FileUsage = z.infer<typeof fileUsageSchema>

/** A file as every screen knows it. Sizes in bytes, width and height in pixels. */
export const fileSchema = z.object({
  id: fileIdSchema,
  name: z.string(),
  mimeType: z.string(),
  size: z.int().nonnegative(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  sha256: sha256Schema.nullable(),
  usage: fileUsageSchema,
  /** The folders it was dropped with; `null`: none. */
  path: folderPathSchema.nullable(),
  /** Its bytes are two kinds of file at once: it is only ever saved, never shown inside a page. */
  attachmentOnly: z.boolean(),
  ownerId: userIdSchema.nullable(),
  projectId: projectIdSchema,
  cardId: cardIdSchema.nullable(),
  assetId: assetIdSchema.nullable(),
  generationId: generationIdSchema.nullable(),
  thumbnailId: fileIdSchema.nullable(),
  created: z.string(),
  updated: z.string(),
})
export type File = z.infer<typeof fileSchema>

const zeroAsNull = z
  .int()
  .nonnegative()
  .transform((pixels) => (pixels === 0 ? null : pixels))

/** The `files` record as PocketBase sends it, turned into a `File`. */
export const fileRecordSchema = z
  .object({
    id: fileIdSchema,
    name: z.string(),
    mime_type: z.string(),
    size: z.int().nonnegative(),
    width: zeroAsNull,
    height: zeroAsNull,
    sha256: optionalText.pipe(sha256Schema.nullable()),
    usage: fileUsageSchema,
    path: optionalText,
    attachment_only: z.boolean(),
    owner: optionalRelation(userIdSchema),
    project: projectIdSchema,
    card: optionalRelation(cardIdSchema),
    asset: optionalRelation(assetIdSchema),
    generation: optionalRelation(generationIdSchema),
    thumbnail: optionalRelation(fileIdSchema),
    created: timestampSchema,
    updated: timestampSchema,
  })
  .transform(
    ({ mime_type, attachment_only, owner, project, card, asset, generation, thumbnail, ...rest }): File => ({
      ...rest,
      attachmentOnly: attachment_only,
      mimeType: mime_type,
      ownerId: owner,
      projectId: project,
      cardId: card,
      assetId: asset,
      generationId: generation,
      thumbnailId: thumbnail,
    }),
  )
