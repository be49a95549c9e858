/** A server that can be stopped, crashed and started again, and that tells an ending that nobody asked for. */

import type { RunningServer } from '../servers/running-server.ts'
import type { ExitReport } from './launch-process.ts'

export interface RestartableControl {
  /** Stops it politely and keeps its data; does nothing when it is stopped. */
  stop(): Promise<void>
  /** Ends it as a crash would, and resolves when it is gone. Its data stays as it was. */
  kill(): Promise<void>
  /** Starts it again, where it was, with the same data; does nothing when it runs. Resolves when it serves. */
  start(): Promise<void>
}

export interface Restartable<T extends RunningServer> extends RestartableControl {
  /** The latest run; it may have ended. */
  current(): T
}

/**
 * Takes over a server that runs. `startAgain` must start it on the same port and data; `onCrash` hears of an ending
 * that neither `stop` nor `kill` brought about.
 */
export function restartable<T extends RunningServer>(options: {
  readonly first: T
  readonly startAgain: () => Promise<T>
  readonly onCrash?: (server: T, exit: ExitReport) => void
}): Restartable<T> {
  let current = options.first
  let endingExpected = false

  const watch = (server: T) => {
    endingExpected = false
    void server.exited.then((exit) => {
      if (!endingExpected && server === current) options.onCrash?.(server, exit)
    })
  }
  const end = async () => {
    endingExpected = true
    await current.stop()
  }

  watch(current)
  return {
    current: () => current,
    stop: end,
    kill: async () => {
      endingExpected = true
      current.kill('SIGKILL')
      await end()
    },
    start: async () => {
      if (current.exitReport() === undefined) return
      // A leader that was killed alone may have left members of its group behind.
      await current.stop()
      current = await options.startAgain()
      watch(current)
    },
  }
}
