/** Who is signed in. */
import { personSchema } from '@studio/contracts/actor'
import { procedure, router } from '../trpc.ts'

export const session = router({
  // Nothing is asked for, so no `.input`: tRPC would read one from the body, which a POST without input does not have.
  me: procedure.output(personSchema).query(({ ctx }) => ctx.caller.person),
})
