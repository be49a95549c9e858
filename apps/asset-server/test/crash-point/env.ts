/** Where a crash test wants this process to die. */
import { z } from 'zod'
import type { Fuse } from '@studio/asset-service/testing/fuse'

const schema = z.object({
  CRASH_EFFECT: z.coerce.number().int().nonnegative().optional(),
  CRASH_MOMENT: z.enum(['before', 'after']).default('before'),
})

/** `undefined`: do not die. */
export function readCrashPoint(): Fuse | undefined {
  const { CRASH_EFFECT, CRASH_MOMENT } = schema.parse(process.env)
  return CRASH_EFFECT === undefined ? undefined : { effect: CRASH_EFFECT, moment: CRASH_MOMENT }
}
