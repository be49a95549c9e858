/** Calls a server that may be away, for a moment or for hours. Only for calls that may be repeated. */
import { backOffMilliseconds } from './back-off.ts'
import type { Patience } from './patience.ts'
import type { PauseGate } from './pause-gate.ts'
import { callError, isTemporary } from './upload-error.ts'
import { untilAborted } from './until-aborted.ts'
import type { CallOptions } from './upload-api.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

/** Long enough for the largest inline upload over a slow line, short enough to notice a server that hangs. */
const CALL_MILLISECONDS = 120_000

export interface RetryOptions extends Pick<UploadSurroundings, 'sleep' | 'random' | 'connectivity'> {
  signal: AbortSignal
  gate: PauseGate
  patience: Patience
}

/**
 * Waits for a network if there is none, and while paused between two tries. Rejects with a `StudioError` once the answer is final or the
 * patience is spent, and with the signal's reason on abort.
 */
export async function callWithRetry<Answer>(
  call: (options: CallOptions) => Promise<Answer>,
  { signal, sleep, random, connectivity, gate, patience }: RetryOptions,
): Promise<Answer> {
  for (let failures = 1; ; failures += 1) {
    await connectivity.untilOnline(signal)
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(CALL_MILLISECONDS)])
      const answer = await untilAborted(call({ signal: limited }), limited)
      patience.renew()
      return answer
    } catch (thrown) {
      signal.throwIfAborted()
      const error = callError(thrown)
      if (!isTemporary(error)) {
        patience.renew()
        throw error
      }
      // Nobody can answer a machine without a network: that is no try.
      if (!connectivity.isOnline()) {
        patience.renew()
        failures = 0
        continue
      }
      patience.spend(error)
      await sleep(backOffMilliseconds(failures, random), signal)
      if (gate.isPaused()) {
        await gate.untilResumed(signal)
        patience.renew()
      }
    }
  }
}
