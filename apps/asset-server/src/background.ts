/** Runs the service's recurring work: outbox deliveries and the clean-up of unfinished uploads. */

interface RecurringWork {
  name: string
  everyMs: number
  /** Returns how much was done; more than nothing means that there may be more right away. */
  run: () => Promise<number>
  onError: (error: unknown, doing: string) => void
}

/** Starts the work at once, then again after each pause; the returned function stops it and waits for what is under way. */
export function startRecurringWork(work: RecurringWork): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let underWay: Promise<void> = Promise.resolve()

  const round = async (): Promise<void> => {
    let done = 0
    try {
      done = await work.run()
    } catch (error) {
      work.onError(error, work.name)
    }
    if (!stopped) timer = setTimeout(start, done > 0 ? 0 : work.everyMs)
  }
  const start = (): void => {
    underWay = round()
  }
  start()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await underWay
    clearTimeout(timer)
  }
}
