import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import PocketBase from 'pocketbase'
import { afterEach, expect, test } from 'vitest'
import { PortTakenError } from '../dev-error.ts'
import { baseProcessEnvironment } from '../env.ts'
import { launchOnLeash, startRestartable, type RestartableServer } from '../testing/restartable-server.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import { readTestEnvironment } from '../testing/test-environment.ts'
import { startTestPocketBase } from '../testing/test-pocketbase.ts'
import { createTestDatabase, startTestPostgres } from '../testing/test-postgres.ts'
import { startTestS3 } from '../testing/test-s3.ts'
import { answersWith } from '../wait-until.ts'
import { findServerBinary } from './find-server-binary.ts'
import { startPocketBase } from './pocketbase.ts'
import { findFreePort } from './start-on-port.ts'
import { startVersitygw } from './versitygw.ts'

const running: RestartableServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.dispose()
})

function keep<T extends RestartableServer>(server: T): T {
  running.push(server)
  return server
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('PostgreSQL keeps what was committed through a crash and a stop', async () => {
  const server = keep(await startTestPostgres())
  const url = await server.createDatabase()
  await query(url, 'create table kept (value int); insert into kept values (1)')
  await server.kill()
  await server.start()
  await query(url, 'insert into kept values (2)')
  await server.stop()
  await server.start()
  expect(await query(url, 'select value from kept order by value')).toEqual([{ value: 1 }, { value: 2 }])
})

test('PostgreSQL sorts and compares text the same way on every machine', async () => {
  const server = keep(await startTestPostgres())
  const rows = await query(server.url, `select v from (values ('a'), ('B'), ('ä')) t(v) order by v`)
  expect(rows).toEqual([{ v: 'B' }, { v: 'a' }, { v: 'ä' }])
  expect(await query(server.url, `select lower('Ä') as lower`)).toEqual([{ lower: 'ä' }])
})

test('each test database is empty and separate', async () => {
  const server = keep(await startTestPostgres())
  const [one, two] = await Promise.all([server.createDatabase(), createTestDatabase(server.url)])
  await query(one, 'create table only_here ()')
  await expect(query(two, 'select * from only_here')).rejects.toThrow('does not exist')
})

test('the S3 server answers on loopback only, and refuses whoever does not sign', async () => {
  const server = keep(await startTestS3())
  const response = await fetch(server.endpoint)
  expect(response.status).toBe(403)
  expect(await response.text()).toContain('<Code>AccessDenied</Code>')
  expect(new URL(server.endpoint).hostname).toBe('127.0.0.1')
})

test('a folder whose metadata lies beside it is served with its metadata', async () => {
  const directory = await createTestDirectory('sidecar')
  await mkdir(path.join(directory, 'sidecar'))
  const environment = readTestEnvironment()
  const server = await startVersitygw({
    directory,
    port: await findFreePort(),
    logFile: path.join(directory, 's3.log'),
    launch: launchOnLeash,
    env: baseProcessEnvironment(environment),
    binary: await findServerBinary('versitygw', { environment, onLine: () => undefined }),
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    region: 'us-east-1',
  })
  expect(await answersWith(server.url, 403)).toBe(true)
  expect(await readFile(server.logFile, 'utf8')).toContain('Using sidecar directory')
  await server.stop()
  await removeTestDirectory(directory)
})

test('a port that something else holds is told apart from other faults', async () => {
  const holder = keep(await startTestS3())
  const directory = await createTestDirectory('taken')
  const environment = readTestEnvironment()
  const start = startVersitygw({
    directory,
    port: holder.port,
    logFile: path.join(directory, 's3.log'),
    launch: launchOnLeash,
    env: baseProcessEnvironment(environment),
    binary: await findServerBinary('versitygw', { environment, onLine: () => undefined }),
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    region: 'us-east-1',
  })
  await expect(start).rejects.toThrow(PortTakenError)
  await removeTestDirectory(directory)
})

test('PocketBase comes with both identities, and their tokens outlive a crash', async () => {
  const server = keep(await startTestPocketBase())
  const service = new PocketBase(server.url)
  await service.collection('services').authWithPassword(server.service.email, server.service.password)
  const admin = new PocketBase(server.url)
  await admin.collection('_superusers').authWithPassword(server.superuser.email, server.superuser.password)
  await server.kill()
  await server.start()
  await expect(service.collection('services').authRefresh()).resolves.toBeDefined()
  await expect(admin.collection('_superusers').authRefresh()).resolves.toBeDefined()
})

test('a password that looks like an option is a password', async () => {
  const superuser = { email: 'superuser@studio.test', password: '-FC9rHzvobQZ' }
  const { control } = await startRestartable('pocketbase', async (options, environment) =>
    startPocketBase({
      ...options,
      binary: await findServerBinary('pocketbase', { environment, onLine: () => undefined }),
      superuser,
      service: { email: 'asset-service@studio.test', password: '-service-password' },
    }),
  )
  keep(control)
  const admin = new PocketBase(control.url)
  const signIn = admin.collection('_superusers').authWithPassword(superuser.email, superuser.password)
  await expect(signIn).resolves.toBeDefined()
})

test('a PocketBase whose migrations fail does not start, and says what they said', async () => {
  const migrationsDirectory = await createTestDirectory('migrations')
  await writeFile(
    path.join(migrationsDirectory, '0001_broken.js'),
    `migrate(() => { throw new Error('this migration is broken') }, () => {})`,
  )
  await expect(startTestPocketBase({ migrationsDirectory })).rejects.toThrow('this migration is broken')
  await removeTestDirectory(migrationsDirectory)
})

test('a PocketBase without the collection of service identities says so and is ended', async () => {
  const migrationsDirectory = await createTestDirectory('migrations')
  await expect(startTestPocketBase({ migrationsDirectory })).rejects.toThrow('no collection "services"')
  await removeTestDirectory(migrationsDirectory)
})
