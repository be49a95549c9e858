/** Starts one of the apps from its sources and waits until it and what it depends on are ready. */

import { createRequire } from 'node:module'
import path from 'node:path'
import { becomeReady } from '../processes/become-ready.ts'
import type { Launcher } from '../processes/launch-process.ts'
import { packageDirectory } from '../repository.ts'
import type { RunningServer } from '../servers/running-server.ts'
import { typescriptArguments } from '../typescript-arguments.ts'
import { answersWith } from '../wait-until.ts'
import { appUrl } from './app-environment.ts'
import type { AppPart } from './service-name.ts'

const READY_MS = 60_000

export interface StartAppOptions {
  readonly name: AppPart
  readonly port: number
  readonly env: Readonly<Record<string, string>>
  readonly logFile: string
  readonly launch: Launcher
}

/** Starts it; throws with the end of its log when it ends instead or is not ready in time. */
export async function startApp(options: StartAppOptions): Promise<RunningServer> {
  const { name, port } = options
  const directory = packageDirectory(`apps/${name}`)
  const launched = await options.launch({
    name,
    // Not through tsx's or pnpm's own command: with a wrapper in between, a crash of the app would go unnoticed.
    command: process.execPath,
    args: name === 'web' ? viteArguments(directory, port) : typescriptArguments('src/main.ts'),
    cwd: directory,
    env: options.env,
    logFile: options.logFile,
    stopDeadlineMs: 10_000,
  })
  const url = appUrl(port)
  // The apps ask their own dependencies there; the web app has none to start with.
  const readyUrl = name === 'web' ? url : `${url}/readyz`
  await becomeReady(launched, { isReady: () => answersWith(readyUrl, 200), deadlineMs: READY_MS, port })
  return { ...launched, url, port }
}

function viteArguments(directory: string, port: number): string[] {
  const manifest = createRequire(path.join(directory, 'package.json')).resolve('vite/package.json')
  const program = path.join(path.dirname(manifest), 'bin', 'vite.js')
  return [program, '--host', '127.0.0.1', '--port', String(port), '--strictPort', '--clearScreen', 'false']
}
