/** What a process has used, as Linux counts it (proc(5)). */

import { readFile, writeFile } from 'node:fs/promises'

/** `utime` and `stime` are in units of USER_HZ, which is 100 per second on every architecture that Node runs on. */
const MILLISECONDS_PER_TICK = 10
const KIB_PER_MIB = 1024

/** CPU time in user and kernel mode so far, in milliseconds. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  return parseCpuTime(await readFile(`/proc/${pid}/stat`, 'utf8'))
}

/** Reads /proc/PID/stat: the process's name is in parentheses and may hold anything, the rest is fields. */
export function parseCpuTime(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Fields 14 and 15 of the line; this list begins with the third.
  return (Number(fields[11]) + Number(fields[12])) * MILLISECONDS_PER_TICK
}

/** Forgets the peak so far; the next begins with what is resident now. */
export async function resetPeakMemory(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5')
}

/** Resident memory in MiB: the peak since the reset, and now. */
export async function residentMemory(pid: number): Promise<{ peak: number; now: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) / KIB_PER_MIB
  return { peak: mebibytes('VmHWM'), now: mebibytes('VmRSS') }
}
