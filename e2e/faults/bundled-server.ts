/** One app as a process that can be killed and started again. */
import path from 'node:path'
import { becomeReady } from '@studio/dev/processes/become-ready'
import { restartable, type RestartableControl } from '@studio/dev/processes/restartable'
import type { RunningServer } from '@studio/dev/servers/running-server'
import { launchOnLeash } from '@studio/dev/testing/restartable-server'
import { answersWith } from '@studio/dev/wait-until'
import { clockArguments } from './clock-skew.ts'

const READY_MS = 30_000

export interface BundledServerOptions {
  readonly name: string
  readonly program: string
  readonly port: number
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
}

export interface BundledServer extends RestartableControl {
  readonly port: number
  readonly url: string
  /** How far its clock is ahead at its next start, in milliseconds. */
  skewClock(milliseconds: number): void
  log(): Promise<string[]>
}

/** Starts it and waits until it serves; what it depends on need not be ready. */
export async function startBundledServer(options: BundledServerOptions): Promise<BundledServer> {
  const { name, program, port, env, directory } = options
  const url = `http://127.0.0.1:${port}`
  let skew = 0
  const start = async (): Promise<RunningServer> => {
    const launched = await launchOnLeash({
      name,
      command: process.execPath,
      args: [...clockArguments(skew), program],
      cwd: path.dirname(program),
      env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      logFile: path.join(directory, `${name}.log`),
    })
    await becomeReady(launched, {
      isReady: () => answersWith(`${url}/healthz`, 200),
      deadlineMs: READY_MS,
      port,
    })
    return { ...launched, url, port }
  }
  const server = restartable({ first: await start(), startAgain: start })
  return {
    port,
    url,
    stop: server.stop,
    kill: server.kill,
    start: server.start,
    skewClock: (milliseconds) => {
      skew = milliseconds
    },
    log: () => server.current().lastLogLines(40),
  }
}
