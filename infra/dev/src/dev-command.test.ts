import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readProcess } from './processes/process-table.ts'
import { createTestDirectory, removeTestDirectory } from './testing/test-directory.ts'
import { readTestEnvironment } from './testing/test-environment.ts'
import { typescriptArguments } from './typescript-arguments.ts'
import { answersWith, waitUntil } from './wait-until.ts'

const READY_MS = 120_000
const ASSETS_COMMAND = '../../../apps/asset-server/src/assets-command.ts'

let directory: string
let commands: Command[]
beforeEach(async () => {
  directory = await createTestDirectory('dev')
  commands = []
})
afterEach(async () => {
  for (const { child, ended } of commands) {
    child.kill()
    await ended
  }
  await removeTestDirectory(directory)
})

interface Command {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  output(): string
}

function run(name: string, args: readonly string[] = []): Command {
  const file = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, [...typescriptArguments(file), ...args], {
    env: {
      ...readTestEnvironment().inherited,
      STUDIO_STATE_DIR: path.join(directory, 'state'),
      INIT_CWD: directory,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const command = { child, ended, output: () => output }
  commands.push(command)
  return command
}

async function untilReady(command: Command): Promise<void> {
  await waitUntil(
    () => {
      if (command.child.exitCode !== null) throw new Error(command.output())
      return command.output().includes('Ready in')
    },
    { what: 'dev to be ready', deadlineMs: READY_MS, intervalMs: 100 },
  )
}

interface Recorded {
  readonly name: string
  readonly pid: number
}

async function recorded(): Promise<Recorded[]> {
  const content = await readFile(path.join(directory, 'state', 'processes.json'), 'utf8')
  return (JSON.parse(content) as { processes: Recorded[] }).processes
}

async function expectNoneLives(processes: readonly Recorded[]): Promise<void> {
  for (const { name, pid } of processes) expect([name, await readProcess(pid)]).toEqual([name, undefined])
}

const operatorFile = (): string => path.join(directory, 'state', 'asset-server.json')

/** The commands for operators know the stack that runs, and only its owner can read how. */
async function expectOperators(): Promise<void> {
  expect((await stat(operatorFile())).mode & 0o777).toBe(0o600)
  const stats = run(ASSETS_COMMAND, ['stats'])
  expect({ code: await stats.ended, output: stats.output() }).toMatchObject({ code: 0 })
  expect(stats.output()).toMatch(/^ready +[1-9]/m)
  const reconcile = run(ASSETS_COMMAND, ['reconcile', '--dry-run'])
  expect({ code: await reconcile.ended, output: reconcile.output() }).toMatchObject({ code: 0 })
}

test(
  'dev starts everything and says what runs where, demo and operators use it, and Ctrl-C leaves no process',
  { timeout: 3 * READY_MS },
  async () => {
    const dev = run('dev-command.ts')
    await untilReady(dev)
    const processes = await recorded()
    expect(processes.map(({ name }) => name).toSorted()).toEqual([
      'asset-server',
      'bff',
      'pocketbase',
      'postgres',
      's3',
      'web',
    ])
    expect(dev.output()).toMatch(/ada@studio\.test .*\n.*grace@studio\.test /)
    const [, webUrl = ''] = /Web app +(\S+)/.exec(dev.output()) ?? []
    expect(await answersWith(webUrl, 200)).toBe(true)

    await writeFile(path.join(directory, 'from the demo.txt'), 'a file named from where the demo is run')
    const demo = run('demo-command.ts', ['--json', 'from the demo.txt'])
    expect({ code: await demo.ended, output: demo.output() }).toMatchObject({ code: 0 })
    expect(demo.output()).toContain('from the demo.txt')
    const failing = run('demo-command.ts', ['missing.txt'])
    expect(await failing.ended).not.toBe(0)
    await expectOperators()

    dev.child.kill('SIGINT')
    expect(await dev.ended).toBe(0)
    await expectNoneLives(processes)
    const afterwards = run(ASSETS_COMMAND, ['stats'])
    expect(await afterwards.ended).toBe(1)
    expect(afterwards.output()).toContain('Start `npx pnpm@12 dev`')
    await expect(stat(operatorFile())).rejects.toMatchObject({ code: 'ENOENT' })
  },
)

test(
  'a crash of one app ends dev with its name and the end of its log',
  { timeout: 2 * READY_MS },
  async () => {
    const dev = run('dev-command.ts')
    await untilReady(dev)
    const processes = await recorded()
    const bff = processes.find(({ name }) => name === 'bff')
    process.kill(Number(bff?.pid), 'SIGKILL')
    expect(await dev.ended).toBe(1)
    expect(dev.output()).toMatch(/bff ended although nobody ended it \(by SIGKILL\), so everything was ended/)
    expect(dev.output()).toMatch(/The log .*bff\.log ends:/)
    await expectNoneLives(processes)
  },
)
