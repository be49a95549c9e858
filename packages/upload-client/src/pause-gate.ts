/** Lets an upload be paused: what is under way stops, and nothing further begins until it is resumed. */

export interface PauseGate {
  isPaused(): boolean
  pause(): void
  resume(): void
  /** Aborts at the next pause. */
  pausing(): AbortSignal
  /** Resolves when not paused; rejects with the signal's reason when that aborts first. */
  untilResumed(signal: AbortSignal): Promise<void>
}

export function createPauseGate(): PauseGate {
  let pausing = new AbortController()
  let resumed: (() => void)[] = []
  return {
    isPaused: () => pausing.signal.aborted,
    pause: () => pausing.abort(new DOMException('The upload was paused', 'AbortError')),
    resume() {
      if (!pausing.signal.aborted) return
      pausing = new AbortController()
      const waiting = resumed
      resumed = []
      for (const go of waiting) go()
    },
    pausing: () => pausing.signal,
    untilResumed: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        if (!pausing.signal.aborted) return resolve()
        const abort = () => reject(signal.reason)
        signal.addEventListener('abort', abort, { once: true })
        resumed.push(() => {
          signal.removeEventListener('abort', abort)
          resolve()
        })
      }),
  }
}
