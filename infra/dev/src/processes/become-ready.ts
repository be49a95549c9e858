/** Waits until a launched process really serves, or says why it never will. */

import { DevError, PortTakenError } from '../dev-error.ts'
import { waitUntil } from '../wait-until.ts'
import { listensOn } from './listening-port.ts'
import type { ExitReport, LaunchedProcess } from './launch-process.ts'

export interface ReadyOptions {
  /** Answers true once the process does what it is for; errors are passed on, so catch "not yet" inside. */
  readonly isReady: () => Promise<boolean>
  readonly deadlineMs: number
  readonly port: number
}

const PORT_TAKEN = /address already in use|EADDRINUSE|port \d+ is (already )?in use|could not bind/i

/** Resolves when ready. When the process ends or stays silent instead, stops it and throws with the end of its log. */
export async function becomeReady(launched: LaunchedProcess, options: ReadyOptions): Promise<void> {
  try {
    // An answer alone may come from another server, which holds the port while this one is about to fail for it.
    const serves = async () => (await listensOn(launched.pid, options.port)) && (await options.isReady())
    await waitUntil(async () => launched.exitReport() !== undefined || (await serves()), {
      what: `${launched.name} to be ready on port ${options.port}`,
      deadlineMs: options.deadlineMs,
    })
  } catch (thrown) {
    await launched.stop()
    if (!(thrown instanceof DevError)) throw thrown
    throw new DevError(`${thrown.message}\n${await describeLog(launched)}`, { cause: thrown })
  }
  const exit = launched.exitReport()
  if (!exit) return
  const log = await launched.lastLogLines(40)
  if (log.some((line) => PORT_TAKEN.test(line))) {
    throw new PortTakenError(
      options.port,
      `${launched.name} cannot listen on port ${options.port}: something else does.`,
    )
  }
  throw new DevError(
    `${launched.name} ended while it was starting (${describeExit(exit)}).\n${await describeLog(launched)}`,
  )
}

/** How a process ended, for people. */
export function describeExit(exit: ExitReport): string {
  return exit.signal === undefined ? `exit code ${exit.code ?? 'unknown'}` : `by ${exit.signal}`
}

/** Where the log is and how it ends, for people. */
export async function describeLog(launched: LaunchedProcess): Promise<string> {
  const lines = await launched.lastLogLines(30)
  return [`The log ${launched.logFile} ends:`, ...lines.map((line) => `  ${line}`)].join('\n')
}
