/** Starts one program as the leader of a process group of its own, with its output in a log file. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import path from 'node:path'
import { DevError } from '../dev-error.ts'
import { endProcessGroup, sendSignal } from './end-process-group.ts'
import { readProcess } from './process-table.ts'

export interface LaunchOptions {
  /** How people call it, in messages and tables. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** The whole environment: nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>
  /** Appended to, so that the log of a crash outlives the restart. */
  readonly logFile: string
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly stopSignal?: NodeJS.Signals
  readonly stopDeadlineMs?: number
  /** Whether the process ends when this one does, however it ends (SIGKILL too). */
  readonly leash?: boolean
}

/** How a process ended: one of the two is set. */
export interface ExitReport {
  readonly code: number | undefined
  readonly signal: string | undefined
}

export interface LaunchedProcess {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  /** Resolves when the process has ended, for whatever reason; never rejects. */
  readonly exited: Promise<ExitReport>
  /** How it ended; undefined while it runs. */
  exitReport(): ExitReport | undefined
  /** The last lines that this run wrote. */
  lastLogLines(count: number): Promise<string[]>
  /** Asks it to finish, and ends it by force after the deadline. Resolves when its whole group is gone. */
  stop(): Promise<void>
  /** Signals its whole group at once, as a crash would. */
  kill(signal: NodeJS.Signals): void
}

/** Starts a process; see the servers' modules for the options of each. */
export type Launcher = (options: LaunchOptions) => Promise<LaunchedProcess>

/** Starts the program. Throws a {@link DevError} when it cannot be executed at all. */
export const launchProcess: Launcher = async (options) => {
  mkdirSync(path.dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'a', 0o600)
  const logStart = fstatSync(log).size
  // Not through execa: it would copy the output through this process, and a child whose reader was killed dies of its
  // next line. The file itself is the child's output here.
  const child = spawn(options.command, options.args, {
    cwd: options.cwd ?? path.dirname(options.logFile),
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...options.user,
  })
  closeSync(log)
  const ended = new Promise<ExitReport>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }))
  })
  const { pid } = child
  if (pid === undefined) {
    const [failure] = (await once(child, 'error')) as [Error]
    throw new DevError(`${options.name} could not be started: ${failure.message}`, { cause: failure })
  }

  const endLeash = options.leash ? startLeash(pid) : undefined
  let exit: ExitReport | undefined
  const exited = ended.then((report) => {
    endLeash?.()
    exit = report
    return report
  })
  return {
    name: options.name,
    pid,
    logFile: options.logFile,
    exited,
    exitReport: () => exit,
    lastLogLines: (count) => readLastLines(options.logFile, logStart, count),
    stop: async () => {
      // Its number belongs to another process by now: then nothing of its group is left either.
      if (exit && (await readProcess(pid))) return
      await endProcessGroup(pid, {
        signal: options.stopSignal ?? 'SIGTERM',
        deadlineMs: options.stopDeadlineMs ?? 5_000,
      })
      await exited
    },
    kill: (signal) => {
      if (!exit) sendSignal(-pid, signal)
    },
  }
}

// A shell that waits for the end of its standard input, which comes when this process ends in whatever way: a signal
// handler alone would miss SIGKILL. It is ended itself before the number of the group can be given to another.
function startLeash(group: number): () => void {
  const script = 'while read -r _; do :; done; kill -s TERM -- "-$1"; sleep 2; kill -s KILL -- "-$1"'
  const leash = spawn('/bin/sh', ['-c', script, 'leash', String(group)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  leash.unref()
  if (leash.stdin instanceof Socket) leash.stdin.unref()
  return () => {
    leash.kill('SIGKILL')
  }
}

async function readLastLines(file: string, start: number, count: number): Promise<string[]> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0))
  const lines = bytes.subarray(start).toString('utf8').trimEnd().split('\n')
  return lines.slice(-count)
}
