/** The registry's tables, looked at and moved in time past the service: for checking, never for mending. */
import pg from 'pg'
import { z } from 'zod'

const rowsSchema = z.array(z.object({ id: z.string(), state: z.string(), name: z.string() }))
export type RegistryRow = z.infer<typeof rowsSchema>[number]

export interface DatabaseLook {
  rows(): Promise<RegistryRow[]>
  /** Lets every lease of the outbox end, and says how many entries there are. */
  endLeases(): Promise<number>
  /** Lets the time of every unfinished upload, and of its URLs, run out. */
  endUploads(): Promise<void>
  close(): Promise<void>
}

export function openDatabaseLook(url: string): DatabaseLook {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  // Servers are killed in these tests; the next query opens a new connection.
  pool.on('error', () => undefined)
  return {
    rows: async () =>
      rowsSchema.parse((await pool.query(`select id, state, request->>'name' as name from files`)).rows),
    endLeases: async () => {
      await pool.query(`update outbox set due_at = now() where due_at > now() + interval '2 seconds'`)
      return (await pool.query('select from outbox')).rowCount ?? 0
    },
    endUploads: async () => {
      await pool.query(`update files set expires_at = now() - interval '1 day' where state = 'uploading'`)
      await pool.query(`update files set writable_until = now() - interval '1 day'
        where state in ('uploading', 'expired')`)
    },
    close: () => pool.end(),
  }
}
