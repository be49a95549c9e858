import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PortTakenError } from '../dev-error.ts'
import { readEnvironment } from '../env.ts'
import { livingOf } from '../testing/living-processes.ts'
import { launchOnLeash } from '../testing/restartable-server.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { readTestEnvironment } from '../testing/test-environment.ts'
import { startTestStack } from '../testing/test-stack.ts'
import { answersWith, waitUntil } from '../wait-until.ts'
import type { Crash } from './stack-processes.ts'
import { startStack, type Stack, type StackOptions } from './start-stack.ts'

let directory: string
let started: Stack[]

beforeEach(async () => {
  directory = await createTestDirectory('stack')
  started = []
})
afterEach(async () => {
  for (const stack of started) await stack.stop()
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

test('the servers are ready when the start resolves, and none is left when the stop resolves', async () => {
  const stack = await start()
  const { objectStore, pocketbase } = stack.servers
  expect(stack.parts.map((part) => part.name).toSorted()).toEqual(['pocketbase', 'postgres', 's3'])
  expect(await answersWith(`${pocketbase.url}/api/health`, 200)).toBe(true)
  expect(objectStore.kind === 's3' && (await answersWith(objectStore.s3.endpoint, 403))).toBe(true)
  const pids = stack.parts.map((part) => part.pid())
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
