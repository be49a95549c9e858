/** The connection pool of the registry, and the one place where a database failure becomes `REGISTRY_UNAVAILABLE`. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { SQL } from 'drizzle-orm'
import pg from 'pg'
import type { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 10_000

export interface Database {
  drizzle: NodePgDatabase
  pool: pg.Pool
  /** Runs one statement and reads each of its rows with the schema. */
  rows<Schema extends z.ZodType>(statement: SQL, schema: Schema): Promise<z.output<Schema>[]>
  /** Runs one statement for its effect; returns how many rows it touched. */
  run(statement: SQL): Promise<number>
  close(): Promise<void>
}

interface DatabaseOptions {
  url: string
  maxConnections: number
  /** Told of idle connections that broke; the pool replaces them by itself. */
  onIdleError: (error: Error) => void
}

/** Opens a pool. Nothing connects before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A server that went away without a word would otherwise keep a statement waiting for ever.
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
  })
  pool.on('error', options.onIdleError)
  const database = drizzle(pool)
  const execute = async (statement: SQL): Promise<pg.QueryResult> => {
    try {
      return await database.execute(statement)
    } catch (cause) {
      throw new StudioError('REGISTRY_UNAVAILABLE', { cause })
    }
  }
  return {
    drizzle: database,
    pool,
    rows: async (statement, schema) => (await execute(statement)).rows.map((row) => schema.parse(row)),
    run: async (statement) => (await execute(statement)).rowCount ?? 0,
    close: () => pool.end(),
  }
}
