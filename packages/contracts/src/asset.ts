/** An asset: a named thing in a project (a picture, a clip, a track) that one or more files stand behind. */
import { z } from 'zod'
import { cardIdSchema } from './card.ts'
import { projectIdSchema } from './project.ts'
import { optionalRelation, recordIdSchema, timestampSchema } from './record-id.ts'

export const assetIdSchema = recordIdSchema.brand<'AssetId'>()
export type AssetId = z.infer<typeof assetIdSchema>

export const assetKindSchema = z.enum(['image', 'video', 'audio', 'document', 'other'])
export type AssetKind = z.infer<typeof assetKindSchema>

export const assetSchema = z.object({
  id: assetIdSchema,
  projectId: projectIdSchema,
  cardId: cardIdSchema.nullable(),
  name: z.string(),
  kind: assetKindSchema,
  created: z.string(),
  updated: z.string(),
})
export type Asset = z.infer<typeof assetSchema>

/** The record as PocketBase sends it, turned into an `Asset`. */
export const assetRecordSchema = z
  .object({
    id: assetIdSchema,
    project: projectIdSchema,
    card: optionalRelation(cardIdSchema),
    name: z.string(),
    kind: assetKindSchema,
    created: timestampSchema,
    updated: timestampSchema,
  })
  .transform(({ project, card, ...rest }): Asset => ({ ...rest, projectId: project, cardId: card }))
