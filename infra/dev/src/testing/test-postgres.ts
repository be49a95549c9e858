/** A PostgreSQL server for tests, and fresh databases on it. */

import { randomUUID } from 'node:crypto'
import { ensureDatabase, startPostgres } from '../servers/postgres.ts'
import { findPostgres } from '../servers/postgres-installation.ts'
import { startRestartable, type RestartableServer } from './restartable-server.ts'

export interface TestPostgres extends RestartableServer {
  /** Creates an empty database and answers its address. */
  createDatabase(): Promise<string>
}

/** Starts a server of its own in a temporary folder. `url` is the address of a database that is there for management. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const installation = await findPostgres()
  const { first, control } = await startRestartable('postgres', (options) =>
    startPostgres({
      ...options,
      installation,
      password: 'test',
      database: 'studio',
      // Crashes in tests are crashes of processes, which lose nothing that was written without fsync.
      durable: false,
    }),
  )
  return { ...control, createDatabase: () => createTestDatabase(first.url) }
}

/** Creates an empty database on the server at this address (the one that a test run provides) and answers its address. */
export async function createTestDatabase(serverUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await ensureDatabase(serverUrl, name)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
