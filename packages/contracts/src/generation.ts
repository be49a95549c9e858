/** A generation: what a machine-learning worker was asked to make, and how far it is. */
import { z } from 'zod'
import { recordIdSchema } from './record-id.ts'

export const generationIdSchema = recordIdSchema.brand<'GenerationId'>()
export type GenerationId = z.infer<typeof generationIdSchema>

export const generationStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed'])
export type GenerationStatus = z.infer<typeof generationStatusSchema>
