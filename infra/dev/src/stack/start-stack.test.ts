import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PortTakenError } from '../dev-error.ts'
import { readEnvironment } from '../env.ts'
import { readProcess } from '../processes/process-table.ts'
import { launchOnLeash } from '../testing/restartable-server.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { readTestEnvironment } from '../testing/test-environment.ts'
import { startTestStack } from '../testing/test-stack.ts'
import { typescriptArguments } from '../typescript-arguments.ts'
import { answersWith, waitUntil } from '../wait-until.ts'
import type { Crash } from './stack-processes.ts'
import { startStack, type Stack, type StackOptions } from './start-stack.ts'

let directory: string
let started: Stack[]
let supervisors: Supervisor[]

beforeEach(async () => {
  directory = await createTestDirectory('stack')
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

async function start(options: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = await startStack({
    stateDirectory: directory,
    environment: readTestEnvironment(),
    apps: [],
    durable: false,
    launch: launchOnLeash,
    ...options,
  })
  started.push(stack)
  return stack
}

const pidsOf = (stack: Stack) => stack.parts.map((part) => part.pid())

async function livingOf(pids: readonly number[]): Promise<number[]> {
  const living = await Promise.all(pids.map(async (pid) => ((await readProcess(pid)) ? [pid] : [])))
  return living.flat()
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
    `import { once } from 'node:events'
     import { Interrupted, runCommand } from ${module('../command-line.ts')}
     import { readTestEnvironment } from ${module('../testing/test-environment.ts')}
     import { startStack } from ${module('start-stack.ts')}
     await runCommand(async (interruption) => {
       const crash = new AbortController()
       const signal = AbortSignal.any([interruption, crash.signal])
       const stack = await startStack({ stateDirectory: ${JSON.stringify(directory)}, apps: [], signal, durable: false,
         environment: readTestEnvironment(), onCrash: ({ process }) => crash.abort(new Error(process.name)) })
       process.stdout.write(JSON.stringify(stack.parts.map((part) => part.pid())) + '\\n')
       if (!signal.aborted) await once(signal, 'abort')
       await stack.stop()
       if (signal.reason instanceof Interrupted) return 0
       throw signal.reason
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

test('the servers are ready when the start resolves, and none is left when the stop resolves', async () => {
  const stack = await start()
  const { objectStore, pocketbase } = stack.servers
  expect(stack.parts.map((part) => part.name).toSorted()).toEqual(['pocketbase', 'postgres', 's3'])
  expect(await answersWith(`${pocketbase.url}/api/health`, 200)).toBe(true)
  expect(objectStore.kind === 's3' && (await answersWith(objectStore.s3.endpoint, 403))).toBe(true)
  const pids = pidsOf(stack)
  expect(await livingOf(pids)).toEqual(pids)
  await stack.stop()
  expect(await livingOf(pids)).toEqual([])
})

test('a later start finds the same data on the same ports; a fresh one starts over', async () => {
  const first = await start()
  await first.stop()
  const second = await start()
  expect(second.parts.map((part) => part.url).toSorted()).toEqual(
    first.parts.map((part) => part.url).toSorted(),
  )
  expect(second.secrets).toEqual(first.secrets)
  await second.stop()
  const fresh = await start({ fresh: true })
  expect(fresh.secrets.stateKey).not.toBe(first.secrets.stateKey)
})

test('secrets are readable by their owner alone', async () => {
  const { secrets } = await start()
  for (const file of [path.join(directory, 'secrets.json'), secrets.bffSigningKeyFile]) {
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  }
})

test('a second start ends the first one, supervisor and all', async () => {
  const { ended, pids } = await startElsewhere()
  expect(await livingOf(pids)).toEqual(pids)
  const lines: string[] = []
  await start({ onLine: (line) => lines.push(line) })
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

test('a part that is killed or stopped on purpose is no crash, and starts again where it was', async () => {
  const crashes: Crash[] = []
  const stack = await start({ onCrash: (crash) => crashes.push(crash) })
  const part = stack.part('pocketbase')
  const { url } = part
  for (const end of [part.kill, part.stop]) {
    await end()
    expect(await answersWith(`${url}/api/health`, 200)).toBe(false)
    await part.start()
    expect(await answersWith(`${url}/api/health`, 200)).toBe(true)
  }
  expect(crashes).toEqual([])
  process.kill(part.pid(), 'SIGKILL')
  await waitUntil(() => crashes.length > 0, { what: 'the crash to be noticed', deadlineMs: 5_000 })
  expect(crashes[0]?.process.name).toBe('pocketbase')
})

test('a port that was asked for and is taken stops the start before anything runs', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const environment = { ...readTestEnvironment(), POCKETBASE_PORT: port }
  const error = await start({ environment }).catch((thrown: unknown) => thrown)
  await new Promise((resolve) => other.close(resolve))
  expect(error).toBeInstanceOf(PortTakenError)
  expect(String(error)).toContain(`POCKETBASE_PORT asks for port ${port}, but something else listens on it`)
  await expect(readFile(path.join(directory, 'logs', 'postgres.log'))).rejects.toThrow('ENOENT')
})

test('a server that cannot start ends the others, and its log says why', async () => {
  const broken = path.join(directory, 'broken-pocketbase')
  await writeFile(broken, '#!/bin/sh\necho "disk on fire"\nexit 1\n')
  await chmod(broken, 0o755)
  const pids: number[] = []
  const failing = start({
    environment: { ...readTestEnvironment(), STUDIO_POCKETBASE_BIN: broken },
    launch: async (options) => {
      const launched = await launchOnLeash(options)
      pids.push(launched.pid)
      return launched
    },
  })
  await expect(failing).rejects.toThrow(/disk on fire/)
  expect(await livingOf(pids)).toEqual([])
})

test('an interrupted start leaves no process', async () => {
  const interruption = new AbortController()
  const pids: number[] = []
  const interrupted = start({
    signal: interruption.signal,
    launch: async (options) => {
      const launched = await launchOnLeash(options)
      pids.push(launched.pid)
      interruption.abort(new Error('interrupted'))
      return launched
    },
  })
  await expect(interrupted).rejects.toThrow('interrupted')
  expect(pids.length).toBeGreaterThan(0)
  expect(await livingOf(pids)).toEqual([])
})

test('servers that the environment names are used instead of the bundled ones, one by one', async () => {
  const other = await startTestStack({ apps: [] })
  const { databaseUrl, pocketbase, objectStore } = other.servers
  const s3 = objectStore.kind === 's3' ? objectStore.s3 : undefined
  const stack = await start({
    environment: readEnvironment({
      ...readTestEnvironment().inherited,
      DATABASE_URL: databaseUrl,
      POCKETBASE_URL: pocketbase.url,
      POCKETBASE_SUPERUSER_EMAIL: pocketbase.superuser.email,
      POCKETBASE_SUPERUSER_PASSWORD: pocketbase.superuser.password,
      POCKETBASE_SERVICE_EMAIL: pocketbase.service.email,
      POCKETBASE_SERVICE_PASSWORD: pocketbase.service.password,
      S3_ENDPOINT: s3?.endpoint,
      S3_ACCESS_KEY_ID: s3?.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3?.secretAccessKey,
    }),
  })
  await other.dispose()
  expect(stack.parts).toEqual([])
  expect(stack.servers).toEqual({ databaseUrl, pocketbase, objectStore: { kind: 's3', s3 } })
})

test('an address of another server without its credentials names the variables that are missing', async () => {
  const environment = { ...readTestEnvironment(), POCKETBASE_URL: 'http://127.0.0.1:1' }
  await expect(start({ environment })).rejects.toThrow(
    /POCKETBASE_URL is set, so .*POCKETBASE_SUPERUSER_EMAIL.*POCKETBASE_SERVICE_PASSWORD/,
  )
})

test('without any S3 server files go into a folder and a line says so, unless S3 is required', async () => {
  // Neither a server, nor Go, nor a cache that has one; and a machine that no archive is for.
  const empty = path.join(directory, 'empty')
  await mkdir(empty)
  const other = await startTestStack({ apps: [] })
  const environment = {
    ...readTestEnvironment(),
    PATH: empty,
    STUDIO_CACHE_DIR: empty,
    STUDIO_S3_BIN: undefined,
    DATABASE_URL: other.servers.databaseUrl,
    POCKETBASE_URL: other.servers.pocketbase.url,
    POCKETBASE_SUPERUSER_EMAIL: 'superuser@studio.test',
    POCKETBASE_SUPERUSER_PASSWORD: 'x',
    POCKETBASE_SERVICE_EMAIL: 'asset-service@studio.test',
    POCKETBASE_SERVICE_PASSWORD: 'x',
  }
  const lines: string[] = []
  const { servers } = await start({ environment, onLine: (line) => lines.push(line) })
  expect(servers.objectStore).toEqual({
    kind: 'filesystem',
    directory: path.join(directory, 'filesystem-objects'),
  })
  expect(lines.join('\n')).toMatch(/NO S3 SERVER: files are kept in the folder .*Install Go/)
  await expect(start({ environment, requireS3: true })).rejects.toThrow(/versitygw .* is not on this machine/)
  await other.dispose()
})
