/** Who runs: reads the system's process table, so that a recorded process is told from one that got its number later. */

import { readFile, readdir } from 'node:fs/promises'
import { execa } from 'execa'

export interface ProcessEntry {
  readonly pid: number
  readonly group: number
  /** Differs for every process that ever has this number, across reboots too. */
  readonly startedAt: string
}

/** The living process with this number, or undefined. A zombie does not count as living. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  if (process.platform !== 'linux') return (await listWithPs(['-p', String(pid)]))[0]
  return parseStat(await readStat(pid), await bootId())
}

/** The living members of a process group; empty when the group is gone. */
export async function readProcessGroup(group: number): Promise<ProcessEntry[]> {
  if (process.platform !== 'linux') {
    return (await listWithPs(['-A'])).filter((entry) => entry.group === group)
  }
  const boot = await bootId()
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const entries = await Promise.all(
    numbers.map(async (name) => parseStat(await readStat(Number(name)), boot)),
  )
  return entries.filter((entry) => entry !== undefined && entry.group === group) as ProcessEntry[]
}

/** Whether the recorded process still lives, and is not another one with its number. */
export async function isSameProcess(recorded: { pid: number; startedAt: string }): Promise<boolean> {
  return (await readProcess(recorded.pid))?.startedAt === recorded.startedAt
}

async function readStat(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}

// proc_pid_stat(5): the command, in parentheses, may hold spaces, so fields are counted after the last parenthesis:
// state is the first there, the process group the third, the start time in clock ticks since boot the twentieth.
function parseStat(stat: string, boot: string): ProcessEntry | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, , group] = fields
  const ticks = fields[19]
  if (state === undefined || state === 'Z' || state === 'X' || !group || !ticks) return undefined
  return { pid: Number.parseInt(stat, 10), group: Number(group), startedAt: `${boot}:${ticks}` }
}

async function listWithPs(selection: string[]): Promise<ProcessEntry[]> {
  const { stdout } = await execa('ps', ['-o', 'pid=,pgid=,state=,lstart=', ...selection], {
    reject: false,
    env: { LC_ALL: 'C' },
  })
  return stdout.split('\n').flatMap((line) => {
    const [, pid, group, state, startedAt] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? []
    if (!pid || !group || !startedAt || state?.startsWith('Z')) return []
    return [{ pid: Number(pid), group: Number(group), startedAt }]
  })
}
