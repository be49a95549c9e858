/** The projects that a person is in. */
import { z } from 'zod'
import { projectIdSchema, projectRecordSchema, projectSchema, type Project } from '@studio/contracts/project'
import { projectReferenceSchema, projectStorageSchema } from '@studio/contracts/pending-upload'
import { procedure, router, type Caller } from '../trpc.ts'

/** By name as people sort names; equal names in an order that does not change from one answer to the next. */
const byName = new Intl.Collator('en', { numeric: true })

function compareProjects(a: Project, b: Project): number {
  return byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1)
}

/** Whoever sees a project may upload to it. */
function note({ targets }: Caller, projects: readonly Project[]): void {
  targets.saw(
    'projects',
    projects.map(({ id }) => ({ id, projectId: id })),
  )
}

export const projects = router({
  // Without `.input` for the same reason as session.me.
  list: procedure.output(z.array(projectSchema)).query(async ({ ctx: { caller }, signal }) => {
    const found = await caller.records.all({ collection: 'projects', schema: projectRecordSchema, signal })
    note(caller, found)
    return found.toSorted(compareProjects)
  }),

  storage: procedure
    .input(projectReferenceSchema)
    .output(projectStorageSchema)
    .query(async ({ ctx: { caller }, input, signal }) => {
      await caller.targets.require(input)
      return caller.files.projectStorage(input, signal)
    }),

  get: procedure
    .input(z.object({ projectId: projectIdSchema }))
    .output(projectSchema)
    .query(async ({ ctx: { caller }, input, signal }) => {
      const found = await caller.records.one({
        collection: 'projects',
        id: input.projectId,
        schema: projectRecordSchema,
        absence: 'PROJECT_NOT_FOUND',
        signal,
      })
      note(caller, [found])
      return found
    }),
})
