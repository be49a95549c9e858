/** The processes of one stack: who runs, who crashed, and how all of them are ended in the right order. */

import { DevError } from '../dev-error.ts'
import type { ExitReport, LaunchedProcess, Launcher } from '../processes/launch-process.ts'
import { restartable, type Restartable, type RestartableControl } from '../processes/restartable.ts'
import type { RunningServer } from '../servers/running-server.ts'
import { APP_NAMES, SERVER_NAMES, type ServiceName } from './service-name.ts'

/** A part that runs, as others may see and handle it. */
export interface StackPart extends RestartableControl {
  readonly name: ServiceName
  readonly url: string
  readonly logFile: string
  /** The number of the process that runs now, or ran last. */
  pid(): number
}

/** An ending that nobody asked for. */
export interface Crash {
  readonly process: LaunchedProcess
  readonly exit: ExitReport
}

export interface StackProcesses {
  /** Launches for this stack; refuses once it is being ended. */
  readonly launch: Launcher
  /** Starts a part, and keeps the way to start it again. */
  run<T extends RunningServer>(name: ServiceName, start: () => Promise<T>): Promise<T>
  parts(): StackPart[]
  /** Ends the apps, all at once. */
  stopApps(): Promise<void>
  /** Ends everything, the apps before the servers that they use, and launches nothing any more. */
  stopAll(): Promise<void>
}

/** Begins with no process. */
export function createStackProcesses(options: {
  readonly launch: Launcher
  readonly onCrash: (crash: Crash) => void
}): StackProcesses {
  const launched = new Map<string, LaunchedProcess>()
  const running = new Map<ServiceName, Restartable<RunningServer>>()
  let ending = false

  const stop = async (names: readonly ServiceName[]) => {
    await Promise.all(names.map((name) => running.get(name)?.stop() ?? launched.get(name)?.stop()))
    for (const name of names) running.delete(name)
  }
  return {
    launch: async (launchOptions) => {
      if (ending) throw new DevError(`${launchOptions.name} is not started: the stack is being ended.`)
      const process = await options.launch(launchOptions)
      launched.set(launchOptions.name, process)
      // The stack may have begun to end while the launch was under way.
      if (ending) await process.stop()
      return process
    },
    run: async (name, start) => {
      const first = await start()
      running.set(
        name,
        restartable({
          first,
          startAgain: start,
          onCrash: (process, exit) => {
            if (!ending) options.onCrash({ process, exit })
          },
        }),
      )
      return first
    },
    parts: () => [...running].map(([name, control]) => describePart(name, control)),
    stopApps: () => stop(APP_NAMES),
    stopAll: async () => {
      ending = true
      await stop(APP_NAMES)
      await stop(SERVER_NAMES)
    },
  }
}

function describePart(name: ServiceName, control: Restartable<RunningServer>): StackPart {
  const { url, logFile } = control.current()
  return {
    name,
    url,
    logFile,
    pid: () => control.current().pid,
    stop: control.stop,
    kill: control.kill,
    start: control.start,
  }
}
