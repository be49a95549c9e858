/** A card: an ordered place in a project that assets and files are put on. */
import { z } from 'zod'
import { projectIdSchema } from './project.ts'
import { recordIdSchema, timestampSchema } from './record-id.ts'

export const cardIdSchema = recordIdSchema.brand<'CardId'>()
export type CardId = z.infer<typeof cardIdSchema>

/** A fractional index: compared bytewise, ties broken by id, so that a move writes one record. */
export const cardOrderSchema = z.string().regex(/^[0-9A-Za-z]{1,200}$/, 'An order is a fractional index')

export const cardSchema = z.object({
  id: cardIdSchema,
  projectId: projectIdSchema,
  title: z.string().max(500),
  order: cardOrderSchema,
  created: z.string(),
  updated: z.string(),
})
export type Card = z.infer<typeof cardSchema>

/** The record as PocketBase sends it, turned into a `Card`. */
export const cardRecordSchema = z
  .object({
    id: cardIdSchema,
    project: projectIdSchema,
    title: z.string(),
    order: cardOrderSchema,
    created: timestampSchema,
    updated: timestampSchema,
  })
  .transform(({ project, ...rest }): Card => ({ ...rest, projectId: project }))

/** Orders cards as every screen shows them; JavaScript compares strings by UTF-16 unit, which for ASCII is bytewise. */
export function compareCards(a: Pick<Card, 'order' | 'id'>, b: Pick<Card, 'order' | 'id'>): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}
