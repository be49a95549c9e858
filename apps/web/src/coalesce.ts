/** Turns a burst of calls into few runs: one at once, and one more for all that came while it ran. */

/**
 * Wraps an effect so that it never runs twice at a time. The run that follows a busy one starts after the last
 * call that it stands for, so nothing that happened before a call is missed.
 */
export function coalesce(effect: () => Promise<unknown>): () => void {
  let running = false
  let again = false

  async function run(): Promise<void> {
    running = true
    do {
      again = false
      try {
        await effect()
      } catch {
        // The effect's own state (a query's error) is what people see.
      }
    } while (again)
    running = false
  }

  return () => {
    if (running) again = true
    else void run()
  }
}
