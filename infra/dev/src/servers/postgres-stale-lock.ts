/** Removes the lock file of a PostgreSQL that was killed, when its process number belongs to another program by now. */

import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'

/**
 * PostgreSQL refuses to start while the process named in `postmaster.pid` lives and belongs to the same user; after a
 * SIGKILL, that number may be another program's. A server that really runs there is left to PostgreSQL to report.
 */
export async function removeStaleLock(directory: string): Promise<void> {
  const file = path.join(directory, 'postmaster.pid')
  const content = await readFile(file, 'utf8').catch(() => undefined)
  const pid = Number.parseInt(content ?? '', 10)
  if (Number.isInteger(pid) && !(await programOf(pid)).includes('postgres')) await rm(file, { force: true })
}

async function programOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  const { stdout } = await execa('ps', ['-o', 'comm=', '-p', String(pid)], { reject: false })
  return stdout
}
