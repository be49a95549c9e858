/** The connection pool of the registry, and the one place where a database failure becomes `REGISTRY_UNAVAILABLE`. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { fillPlaceholders, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import pg from 'pg'
import type { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 10_000

/** A statement that each connection plans once, under its name. */
export interface PreparedStatement<Schema extends z.ZodType> {
  name: string
  text: string
  params: unknown[]
  schema: Schema
}

interface StatementToPrepare<Schema extends z.ZodType> {
  /** One name, one text: the driver refuses a second. */
  name: string
  /** With `sql.placeholder(…)` where values go. */
  statement: SQL
  schema: Schema
}

/**
 * For statements of the request path: parsing and planning the long ones takes PostgreSQL a millisecond each time. A pooler
 * in between has to keep them (PgBouncer does from 1.21 on, `max_prepared_statements`).
 */
export function prepareStatement<Schema extends z.ZodType>(
  options: StatementToPrepare<Schema>,
): PreparedStatement<Schema> {
  const { sql: text, params } = new PgDialect().sqlToQuery(options.statement)
  return { name: options.name, text, params, schema: options.schema }
}

export interface Database {
  drizzle: NodePgDatabase
  pool: pg.Pool
  /** Runs one statement and reads each of its rows with the schema. */
  rows<Schema extends z.ZodType>(statement: SQL, schema: Schema): Promise<z.output<Schema>[]>
  /** Runs a prepared statement with these values and reads each of its rows. */
  prepared<Schema extends z.ZodType>(
    statement: PreparedStatement<Schema>,
    values: Record<string, unknown>,
  ): Promise<z.output<Schema>[]>
  /** Runs statements one after the other, all or nothing. */
  transaction(statements: readonly SQL[]): Promise<void>
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
    // Else PostgreSQL plans a prepared statement anew whenever it takes that plan for a little cheaper.
    onConnect: (client) => client.query('set plan_cache_mode = force_generic_plan').then(() => undefined),
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
    async prepared({ name, text, params, schema }, values) {
      try {
        const { rows } = await pool.query({ name, text, values: fillPlaceholders(params, values) })
        return rows.map((row) => schema.parse(row))
      } catch (cause) {
        throw new StudioError('REGISTRY_UNAVAILABLE', { cause })
      }
    },
    rows: async (statement, schema) => (await execute(statement)).rows.map((row) => schema.parse(row)),
    async transaction(statements) {
      try {
        await database.transaction(async (running) => {
          for (const statement of statements) await running.execute(statement)
        })
      } catch (cause) {
        throw new StudioError('REGISTRY_UNAVAILABLE', { cause })
      }
    },
    run: async (statement) => (await execute(statement)).rowCount ?? 0,
    close: () => pool.end(),
  }
}
