/** How long an upload goes on while nobody answers it. */
import type { StudioError } from '@studio/contracts/studio-error'

export interface PatienceOptions {
  now: () => number
  patienceMilliseconds: number
  /** Hears why there is a wait, and `undefined` when it is over. */
  onWaiting: (reason: StudioError | undefined) => void
}

export interface Patience {
  /** Somebody answered, or it was nobody's fault: what has passed until now does not count. */
  renew(): void
  /** Returns when it is worth waiting for another try; throws the error when it has been for too long. */
  spend(error: StudioError): void
}

/** The time counts from the first failure after an answer. */
export function createPatience({ now, patienceMilliseconds, onWaiting }: PatienceOptions): Patience {
  let since: number | undefined
  return {
    renew() {
      if (since !== undefined) onWaiting(undefined)
      since = undefined
    },
    spend(error) {
      if (since === undefined) onWaiting(error)
      since ??= now()
      if (now() - since >= patienceMilliseconds) throw error
    },
  }
}
