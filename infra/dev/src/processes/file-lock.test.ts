import { access, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { withFileLock } from './file-lock.ts'

let directory: string
beforeEach(async () => {
  directory = await createTestDirectory('lock')
})
afterEach(() => removeTestDirectory(directory))

test('holders follow one another', async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
  }
  const lock = path.join(directory, 'lock')
  await Promise.all([1, 2, 3].map(() => withFileLock(lock, work)))
  expect(most).toBe(1)
  await expect(access(lock)).rejects.toThrow('ENOENT')
})

test('a lock whose holder died is taken, also when its number belongs to another process by now', async () => {
  const lock = path.join(directory, 'lock')
  await writeFile(lock, JSON.stringify({ pid: process.pid, startedAt: 'before this process' }))
  expect(await withFileLock(lock, async () => 'mine')).toBe('mine')
})

test('the lock is given back when the work throws', async () => {
  const lock = path.join(directory, 'lock')
  await expect(withFileLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await withFileLock(lock, async () => 'next')).toBe('next')
})

test('waiting for a lock ends when it is interrupted', async () => {
  const lock = path.join(directory, 'lock')
  const interruption = new AbortController()
  await withFileLock(lock, async () => {
    const waiting = withFileLock(lock, async () => 'never', interruption.signal)
    interruption.abort(new Error('interrupted'))
    await expect(waiting).rejects.toThrow('interrupted')
  })
})
