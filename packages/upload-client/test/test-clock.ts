/** Time that passes by being slept through: waits of hours take none, and what ends by a deadline ends. */
import type { UploadSurroundings } from '../src/upload-surroundings.ts'

export interface TestClock extends Pick<UploadSurroundings, 'now' | 'sleep'> {
  /** What was waited for, in milliseconds. */
  waits: number[]
}

/** Its sleeps are as long as they say by its own time. */
export function createTestClock(): TestClock {
  const waits: number[] = []
  let passed = 0
  return {
    waits,
    now: () => performance.now() + passed,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted()
      waits.push(milliseconds)
      passed += milliseconds
      // Others get their turn, as they do while somebody sleeps.
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
    },
  }
}
