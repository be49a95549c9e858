/** Brings the database to this version's schema: numbered SQL files, each applied once, in order. */
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { StudioError } from '@studio/contracts/studio-error'
import type { Database } from './database.ts'

/** Two replicas that start at once would both apply the same file; any number will do as long as only we use it. */
const MIGRATION_LOCK = 7_305_511

/** Harmless when there is nothing to do. Rejects with `REGISTRY_UNAVAILABLE`. */
export async function migrateDatabase(database: Database): Promise<void> {
  const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))
  try {
    const client = await database.pool.connect()
    try {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
      await migrate(drizzle(client), { migrationsFolder })
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
    } finally {
      // Ends the session, and with it the lock if a statement failed.
      client.release(true)
    }
  } catch (cause) {
    throw new StudioError('REGISTRY_UNAVAILABLE', { cause })
  }
}
