/** Calls a server that may be away for a moment. Only for calls that may be repeated. */
import { backOffMilliseconds, CALL_BACK_OFF } from './back-off.ts'
import { callError, isTemporary } from './upload-error.ts'
import { untilAborted } from './until-aborted.ts'
import type { CallOptions } from './upload-api.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

/** Long enough for the largest inline upload over a slow line, short enough to notice a server that hangs. */
const CALL_MILLISECONDS = 120_000

export interface RetryOptions extends Pick<UploadSurroundings, 'sleep' | 'random' | 'connectivity'> {
  signal: AbortSignal
}

/** Waits for a network if there is none. Rejects with a `StudioError` once the answer is final or the tries are spent, and with the signal's reason on abort. */
export async function callWithRetry<Answer>(
  call: (options: CallOptions) => Promise<Answer>,
  { signal, sleep, random, connectivity }: RetryOptions,
): Promise<Answer> {
  for (let failures = 1; ; failures += 1) {
    await connectivity.untilOnline(signal)
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(CALL_MILLISECONDS)])
      return await untilAborted(call({ signal: limited }), limited)
    } catch (thrown) {
      signal.throwIfAborted()
      const error = callError(thrown)
      // Nobody can answer a machine without a network: that is no try.
      if (isTemporary(error) && !connectivity.isOnline()) failures = 0
      else if (!isTemporary(error) || failures >= CALL_BACK_OFF.tries) throw error
      if (failures > 0) await sleep(backOffMilliseconds(failures, CALL_BACK_OFF, random), signal)
    }
  }
}
