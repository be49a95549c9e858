/** One process at a time: a lock in a file, which a process that died cannot hold. */

import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { DevError, systemCodeOf } from '../dev-error.ts'
import { waitUntil } from '../wait-until.ts'
import { isSameProcess, readProcess } from './process-table.ts'

const LONGEST_WAIT_MS = 20 * 60_000

/** Runs the work while holding the lock; waits while another living process holds it, or until the signal. */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const self = await readProcess(process.pid)
  if (!self) throw new DevError('The process table does not show this process.')
  // Linked into place with its content, so that nobody ever reads an empty lock.
  const mine = `${file}.${randomUUID()}`
  await writeFile(mine, JSON.stringify(self))
  try {
    const acquire = async () => {
      await removeStale(file)
      return tryLink(mine, file)
    }
    await waitUntil(acquire, {
      what: `${file}, held by another process`,
      deadlineMs: LONGEST_WAIT_MS,
      intervalMs: 200,
      signal,
    })
  } finally {
    await rm(mine, { force: true })
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EEXIST') return false
    throw thrown
  }
}

async function removeStale(file: string): Promise<void> {
  const content = await readFile(file, 'utf8').catch(() => undefined)
  if (content === undefined) return
  const holder = parseHolder(content)
  if (!holder || !(await isSameProcess(holder))) await rm(file, { force: true })
}

function parseHolder(content: string): { pid: number; startedAt: string } | undefined {
  try {
    const { pid, startedAt } = JSON.parse(content) as Record<string, unknown>
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined
  } catch {
    return undefined
  }
}
