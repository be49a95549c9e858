/** Remembers on disk who was started, so that the next start can end it even after this process was killed. */

import { readFile, rm } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { DevError } from '../dev-error.ts'
import { endProcessGroup, sendSignal } from '../processes/end-process-group.ts'
import type { Launcher } from '../processes/launch-process.ts'
import { isSameProcess, readProcess } from '../processes/process-table.ts'
import { waitUntil } from '../wait-until.ts'
import { writeWholeFile } from '../write-whole-file.ts'

// The earlier supervisor ends its own processes; each of them may take its own deadline.
const SUPERVISOR_DEADLINE_MS = 30_000

const identity = z.object({ pid: z.number().int().positive(), startedAt: z.string() })
const recordSchema = z.object({
  supervisor: identity,
  processes: z.array(identity.extend({ name: z.string(), stopSignal: z.enum(['SIGTERM', 'SIGINT']) })),
})
type Record = z.infer<typeof recordSchema>

/** The record of one stack's processes. */
export interface ProcessRecord {
  /** Launches through the given launcher and writes the process down before anything else happens. */
  readonly launch: Launcher
  /** Forgets everything, once all processes have ended. */
  clear(): void
}

/** Opens a record that names this process as the supervisor. */
export async function openProcessRecord(stateDirectory: string, launch: Launcher): Promise<ProcessRecord> {
  const supervisor = await readProcess(process.pid)
  if (!supervisor) throw new DevError('The process table does not show this process.')
  const file = recordFile(stateDirectory)
  const record: Record = { supervisor, processes: [] }
  writeWholeFile(file, record)
  return {
    launch: async (options) => {
      const launched = await launch(options)
      const entry = await readProcess(launched.pid)
      if (entry) {
        const stopSignal = options.stopSignal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'
        record.processes = record.processes.filter((other) => other.name !== options.name)
        record.processes.push({ ...entry, name: options.name, stopSignal })
        writeWholeFile(file, record)
      }
      return launched
    },
    clear: () => rmSync(file, { force: true }),
  }
}

/** The process that supervises the stack of this folder, if it lives. */
export async function findSupervisor(stateDirectory: string): Promise<{ pid: number } | undefined> {
  const record = await read(recordFile(stateDirectory))
  return record && (await isSameProcess(record.supervisor)) ? record.supervisor : undefined
}

/** Ends the stack that an earlier start left in this folder. Never touches a process that merely has its number. */
export async function endEarlierStack(stateDirectory: string, onLine: (line: string) => void): Promise<void> {
  const file = recordFile(stateDirectory)
  const record = await read(file)
  if (!record) return
  const { supervisor } = record
  if (supervisor.pid !== process.pid && (await isSameProcess(supervisor))) {
    onLine('Ending the stack that is running already …')
    sendSignal(supervisor.pid, 'SIGTERM')
    await waitUntil(async () => !(await isSameProcess(supervisor)), {
      what: `the earlier supervisor, process ${supervisor.pid}, to end`,
      deadlineMs: SUPERVISOR_DEADLINE_MS,
    }).catch(() => sendSignal(supervisor.pid, 'SIGKILL'))
  }
  for (const entry of record.processes.toReversed()) {
    if (!(await isSameProcess(entry))) continue
    onLine(`Ending ${entry.name}, left over from an earlier start …`)
    await endProcessGroup(entry.pid, { signal: entry.stopSignal })
  }
  await rm(file, { force: true })
}

function recordFile(stateDirectory: string): string {
  return path.join(stateDirectory, 'processes.json')
}

async function read(file: string): Promise<Record | undefined> {
  const content = await readFile(file, 'utf8').catch(() => undefined)
  if (content === undefined) return undefined
  try {
    return recordSchema.parse(JSON.parse(content))
  } catch {
    return undefined
  }
}
