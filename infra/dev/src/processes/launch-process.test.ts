import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DevError } from '../dev-error.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { typescriptArguments } from '../typescript-arguments.ts'
import { waitUntil } from '../wait-until.ts'
import { launchProcess, type LaunchOptions } from './launch-process.ts'
import { readProcess, readProcessGroup } from './process-table.ts'

let directory: string
beforeEach(async () => {
  directory = await createTestDirectory('launch')
})
afterEach(() => removeTestDirectory(directory))

const shell = (script: string, options: Partial<LaunchOptions> = {}) =>
  launchProcess({
    name: 'sample',
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: '/usr/bin:/bin' },
    logFile: path.join(directory, 'logs', 'sample.log'),
    leash: true,
    ...options,
  })

const untilLogged = (text: string) =>
  waitUntil(
    async () =>
      (await readFile(path.join(directory, 'logs', 'sample.log'), 'utf8').catch(() => '')).includes(text),
    { what: `"${text}" in the log`, deadlineMs: 10_000 },
  )

test('what a process writes is appended to its log, and only its own run is read back', async () => {
  await (
    await shell('echo first run')
  ).exited
  const second = await shell('echo out; echo err >&2; exit 3')
  expect(await second.exited).toEqual({ code: 3, signal: undefined })
  expect(await second.lastLogLines(5)).toEqual(['out', 'err'])
  expect(await readFile(second.logFile, 'utf8')).toBe('first run\nout\nerr\n')
})

test('stopping ends a process that ignores the polite signal, with everything that it started', async () => {
  const launched = await shell("trap '' TERM; sleep 300 & echo ready; while :; do wait; done", {
    stopDeadlineMs: 200,
  })
  await untilLogged('ready')
  expect((await readProcessGroup(launched.pid)).length).toBe(2)
  await launched.stop()
  expect(await readProcessGroup(launched.pid)).toEqual([])
  expect(launched.exitReport()).toEqual({ code: undefined, signal: 'SIGKILL' })
})

test('stopping sweeps up what a leader that ended by itself has left behind', async () => {
  const launched = await shell('sleep 300 & exit 0')
  await launched.exited
  expect((await readProcessGroup(launched.pid)).length).toBe(1)
  await launched.stop()
  expect(await readProcessGroup(launched.pid)).toEqual([])
})

test('a program that does not exist is an error that names it', async () => {
  const launch = launchProcess({
    name: 'sample',
    command: path.join(directory, 'missing'),
    args: [],
    env: {},
    logFile: path.join(directory, 'sample.log'),
  })
  await expect(launch).rejects.toThrow(DevError)
  await expect(launch).rejects.toThrow(/sample could not be started.*ENOENT/)
})

test('a process on a leash ends when the one that started it is killed', async () => {
  const source = fileURLToPath(new URL('launch-process.ts', import.meta.url))
  const starter = path.join(directory, 'starter.mts')
  await writeFile(
    starter,
    `import { launchProcess } from ${JSON.stringify(source)}
     const launched = await launchProcess({ name: 'sample', command: '/bin/sleep', args: ['300'], env: {},
       logFile: ${JSON.stringify(path.join(directory, 'sample.log'))}, leash: true })
     process.stdout.write(String(launched.pid))`,
  )
  const parent = spawn(process.execPath, typescriptArguments(starter), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [answer] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(answer.toString())
  expect(await readProcess(pid)).toBeDefined()
  parent.kill('SIGKILL')
  await waitUntil(async () => (await readProcess(pid)) === undefined, {
    what: 'the process on the leash to end',
    deadlineMs: 10_000,
  })
})
