/** tRPC for the BFF: its context, its errors, and the procedure that every route is made from. */
import { initTRPC } from '@trpc/server'
import type { Person } from '@studio/contracts/actor'
import { studioErrorShape } from '@studio/trpc-server/error-shape'
import type { FileService } from './file-service.ts'
import type { Records } from './records.ts'
import type { UploadTargets } from './upload-target.ts'

/** A signed-in person, and everything that is asked on their behalf. */
export interface Caller {
  person: Person
  records: Records
  targets: UploadTargets
  files: FileService
  /** A token for the Asset Service that names the person. */
  serviceToken: () => Promise<string>
}

export interface Context {
  requestId: string
  /** Resolves the person from the request's bearer token; rejects with `UNAUTHENTICATED`. */
  authenticate: () => Promise<Caller>
}

const t = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter: ({ error, ctx }) => studioErrorShape(error, ctx?.requestId),
})

export const { router } = t

/** A procedure for signed-in people. There is no other kind. */
export const procedure = t.procedure.use(async ({ ctx, next }) =>
  next({ ctx: { ...ctx, caller: await ctx.authenticate() } }),
)
