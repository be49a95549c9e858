/** A project: the unit of membership. Who is in it may see and change what is in it. */
import { z } from 'zod'
import { recordIdSchema, timestampSchema } from './record-id.ts'
import { userIdSchema } from './actor.ts'

export const projectIdSchema = recordIdSchema.brand<'ProjectId'>()
export type ProjectId = z.infer<typeof projectIdSchema>

export const projectSchema = z.object({
  id: projectIdSchema,
  name: z.string().min(1).max(200),
  ownerId: userIdSchema,
  memberIds: z.array(userIdSchema),
  created: z.string(),
  updated: z.string(),
})
export type Project = z.infer<typeof projectSchema>

/** The record as PocketBase sends it, turned into a `Project`. */
export const projectRecordSchema = z
  .object({
    id: projectIdSchema,
    name: z.string(),
    owner: userIdSchema,
    members: z.array(userIdSchema),
    created: timestampSchema,
    updated: timestampSchema,
  })
  .transform(({ owner, members, ...rest }): Project => ({ ...rest, ownerId: owner, memberIds: members }))
