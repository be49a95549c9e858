/** A generation: what a machine-learning worker was asked to make, and how far it is. */
import { z } from 'zod'
import { assetIdSchema } from './asset.ts'
import { cardIdSchema } from './card.ts'
import { projectIdSchema } from './project.ts'
import { optionalRelation, recordIdSchema, timestampSchema } from './record-id.ts'

export const generationIdSchema = recordIdSchema.brand<'GenerationId'>()

export const generationStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed'])

const generationSchema = z.object({
  id: generationIdSchema,
  projectId: projectIdSchema,
  assetId: assetIdSchema.nullable(),
  cardId: cardIdSchema.nullable(),
  model: z.string(),
  prompt: z.string(),
  status: generationStatusSchema,
  created: z.string(),
  updated: z.string(),
})
type Generation = z.infer<typeof generationSchema>

/** The record as PocketBase sends it, turned into a generation. */
export const generationRecordSchema = z
  .object({
    id: generationIdSchema,
    project: projectIdSchema,
    asset: optionalRelation(assetIdSchema),
    card: optionalRelation(cardIdSchema),
    model: z.string(),
    prompt: z.string(),
    status: generationStatusSchema,
    created: timestampSchema,
    updated: timestampSchema,
  })
  .transform(({ project, asset, card, ...rest }): Generation => ({
    ...rest,
    projectId: project,
    assetId: asset,
    cardId: card,
  }))
