/** What every start function of this folder takes and gives. */

import type { LaunchedProcess, Launcher } from '../processes/launch-process.ts'

/** A server that is up and answers. */
export interface RunningServer extends LaunchedProcess {
  readonly url: string
  readonly port: number
}

/** What every server is started with. */
export interface ServerOptions {
  /** Its data: made when missing, found again at the next start. */
  readonly directory: string
  readonly port: number
  readonly logFile: string
  readonly launch: Launcher
  /** The environment of the process; see `baseProcessEnvironment`. */
  readonly env: Readonly<Record<string, string>>
}
