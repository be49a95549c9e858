/** tRPC for the Asset Service: its context, its errors, and a procedure that asks for a scope. */
import { initTRPC } from '@trpc/server'
import type { Actor, Scope } from '@studio/contracts/actor'
import { StudioError } from '@studio/contracts/studio-error'
import { studioErrorShape } from '@studio/trpc-server/error-shape'
import type { AssetService } from './index.ts'

export interface Context {
  service: AssetService
  /** Resolves the caller from the request's bearer token; rejects with `UNAUTHENTICATED`. */
  authenticate: () => Promise<Actor>
  requestId: string
}

const t = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter: ({ error, ctx }) => studioErrorShape(error, ctx?.requestId),
})

export const { router } = t

/** A procedure for callers whose token carries the scope. */
export function scopedProcedure(scope: Scope) {
  return t.procedure.use(async ({ ctx, next }) => {
    const actor = await ctx.authenticate()
    if (!actor.scopes.has(scope)) throw new StudioError('FORBIDDEN')
    return next({ ctx: { ...ctx, actor } })
  })
}
