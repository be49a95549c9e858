/** Runs the service's recurring work: outbox deliveries, and what one replica does for all. */

export interface RecurringWork {
  name: string
  everyMs: number
  /** Before it runs for the first time; at once when absent. */
  firstAfterMs?: number
  /** Returns how much was done; more than nothing means that there may be more right away. Aborted when it is to end. */
  run: (signal: AbortSignal) => Promise<number>
  onError: (error: unknown, doing: string) => void
}

/** Starts the work, then again after each pause; the returned function ends it and waits for what is under way. */
export function startRecurringWork(work: RecurringWork): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const stopping = new AbortController()
  let underWay: Promise<void> = Promise.resolve()

  const round = async (): Promise<void> => {
    let done = 0
    try {
      done = await work.run(stopping.signal)
    } catch (error) {
      if (!stopping.signal.aborted) work.onError(error, work.name)
    }
    if (!stopping.signal.aborted) timer = setTimeout(start, done > 0 ? 0 : work.everyMs)
  }
  const start = (): void => {
    underWay = round()
  }
  if (work.firstAfterMs === undefined) start()
  else timer = setTimeout(start, work.firstAfterMs)
  return async () => {
    stopping.abort()
    clearTimeout(timer)
    await underWay
  }
}
