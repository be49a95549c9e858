/** A test's server in a temporary folder of its own, on a free port. */

import { baseProcessEnvironment, type DevEnvironment } from '../env.ts'
import { launchProcess, type Launcher } from '../processes/launch-process.ts'
import { restartable, type RestartableControl } from '../processes/restartable.ts'
import type { RunningServer, ServerOptions } from '../servers/running-server.ts'
import { startOnPort } from '../servers/start-on-port.ts'
import { readTestEnvironment } from './test-environment.ts'
import { createTestDirectory, removeTestDirectory } from './test-directory.ts'

export interface RestartableServer extends RestartableControl {
  readonly url: string
  readonly port: number
  /** Stops it and removes its data. */
  dispose(): Promise<void>
  /** The end of its log, to show when a test fails. */
  lastLogLines(count: number): Promise<string[]>
}

/** Ends test servers with the process that started them, however that ends. */
export const launchOnLeash: Launcher = (options) => launchProcess({ ...options, leash: true })

/** Starts a server that later starts find again on the same port with the same data. */
export async function startRestartable<T extends RunningServer>(
  name: string,
  start: (options: ServerOptions, environment: DevEnvironment) => Promise<T>,
): Promise<{ first: T; control: RestartableServer }> {
  const environment = readTestEnvironment()
  const directory = await createTestDirectory(name)
  const startOn = (port: number) =>
    start(
      {
        directory: `${directory}/data`,
        port,
        logFile: `${directory}/${name}.log`,
        launch: launchOnLeash,
        env: baseProcessEnvironment(environment),
      },
      environment,
    )
  try {
    const first = await startOnPort({}, startOn)
    const server = restartable({ first, startAgain: () => startOn(first.port) })
    const control: RestartableServer = {
      url: first.url,
      port: first.port,
      stop: server.stop,
      kill: server.kill,
      start: server.start,
      dispose: async () => {
        await server.stop()
        await removeTestDirectory(directory)
      },
      lastLogLines: (count) => server.current().lastLogLines(count),
    }
    return { first, control }
  } catch (thrown) {
    await removeTestDirectory(directory)
    throw thrown
  }
}
