/** The cards of a project, in their order. */
import { z } from 'zod'
import { cardRecordSchema, cardSchema, compareCards } from '@studio/contracts/card'
import { projectIdSchema } from '@studio/contracts/project'
import { procedure, router } from '../trpc.ts'

export const cards = router({
  list: procedure
    .input(z.object({ projectId: projectIdSchema }))
    .output(z.array(cardSchema))
    .query(async ({ ctx: { caller }, input, signal }) => {
      const found = await caller.records.all({
        collection: 'cards',
        schema: cardRecordSchema,
        by: { field: 'project', ids: [input.projectId] },
        signal,
      })
      caller.targets.saw('cards', found)
      // An unknown project is an error and not an empty screen.
      if (found.length === 0) await caller.targets.require(input)
      return found.toSorted(compareCards)
    }),
})
