import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { livingOf } from '../testing/living-processes.ts'
import { launchOnLeash } from '../testing/restartable-server.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { readTestEnvironment } from '../testing/test-environment.ts'
import { typescriptArguments } from '../typescript-arguments.ts'
import { startStack, type Stack } from './start-stack.ts'

let directory: string
let started: Stack[]
let supervisors: Supervisor[]

beforeEach(async () => {
  directory = await createTestDirectory('supervisor')
  started = []
  supervisors = []
})
afterEach(async () => {
  for (const stack of started) await stack.stop()
  for (const { child, ended } of supervisors) {
    child.kill()
    await ended
  }
  await removeTestDirectory(directory)
})

async function start(onLine: (line: string) => void = () => undefined): Promise<void> {
  const stack = await startStack({
    stateDirectory: directory,
    environment: readTestEnvironment(),
    apps: [],
    durable: false,
    launch: launchOnLeash,
    onLine,
  })
  started.push(stack)
}

interface Supervisor {
  readonly child: ChildProcess
  readonly ended: Promise<{ code: number | null; errors: string }>
  readonly pids: number[]
}

/** A supervisor in a process of its own; answers the numbers of the processes that it started. */
async function startElsewhere(): Promise<Supervisor> {
  const module = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)))
  const file = path.join(directory, 'supervisor.mts')
  await writeFile(
    file,
    `import { runCommand } from ${module('../command-line.ts')}
     import { readTestEnvironment } from ${module('../testing/test-environment.ts')}
     import { superviseStack } from ${module('supervise-stack.ts')}
     const stateDirectory = ${JSON.stringify(directory)}
     await runCommand(async (interruption) => {
       await superviseStack({
         stack: { stateDirectory, apps: [], durable: false, environment: readTestEnvironment() },
         interruption,
         onReady: async (stack) => {
           process.stdout.write(JSON.stringify(stack.parts.map((part) => part.pid())))
           return async () => undefined
         },
         onEnding: () => undefined,
       })
       return 0
     })`,
  )
  const child = spawn(process.execPath, typescriptArguments(file), { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, errors }))
  const answer = await Promise.race([once(child.stdout, 'data'), ended])
  if (!Array.isArray(answer)) throw new Error(`the supervisor ended: ${answer.errors}`)
  const supervisor = { child, ended, pids: JSON.parse(String(answer[0])) as number[] }
  supervisors.push(supervisor)
  return supervisor
}

test('a second start ends the first one, supervisor and all', async () => {
  const { ended, pids } = await startElsewhere()
  expect(await livingOf(pids)).toEqual(pids)
  const lines: string[] = []
  await start((line) => lines.push(line))
  expect(await livingOf(pids)).toEqual([])
  expect((await ended).code).toBe(0)
  expect(lines[0]).toBe('Ending the stack that is running already …')
})

test('a second start ends what a supervisor that was killed has left behind', async () => {
  const { child, ended, pids } = await startElsewhere()
  child.kill('SIGKILL')
  await ended
  expect(await livingOf(pids)).toEqual(pids)
  await start()
  expect(await livingOf(pids)).toEqual([])
})

test('a second start never touches a process that merely has a recorded number', async () => {
  const bystander = await launchOnLeash({
    name: 'bystander',
    command: '/bin/sleep',
    args: ['300'],
    env: {},
    logFile: path.join(directory, 'bystander.log'),
  })
  const entry = { pid: bystander.pid, startedAt: 'another time' }
  await writeFile(
    path.join(directory, 'processes.json'),
    JSON.stringify({ supervisor: entry, processes: [{ ...entry, name: 's3', stopSignal: 'SIGTERM' }] }),
  )
  await start()
  expect(bystander.exitReport()).toBeUndefined()
  await bystander.stop()
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s to the supervisor leaves no process',
  async (signal) => {
    const { child, ended, pids } = await startElsewhere()
    child.kill(signal)
    expect((await ended).code).toBe(0)
    expect(await livingOf(pids)).toEqual([])
  },
)

test('a crash of any process ends all others, and the supervisor says which it was', async () => {
  const { ended, pids } = await startElsewhere()
  const record = JSON.parse(await readFile(path.join(directory, 'processes.json'), 'utf8')) as {
    processes: { name: string; pid: number }[]
  }
  const victim = record.processes.find((each) => each.name === 'pocketbase')
  process.kill(Number(victim?.pid), 'SIGKILL')
  const result = await ended
  expect(result.code).toBe(1)
  expect(result.errors).toContain('pocketbase')
  expect(await livingOf(pids)).toEqual([])
})
