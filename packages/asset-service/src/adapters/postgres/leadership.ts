/**
 * A lead as an advisory lock of a PostgreSQL session of its own ("Advisory Locks", PostgreSQL manual): it ends with the
 * session, so a process that dies needs nobody to clean up after it. A pooler in transaction mode hides sessions: the
 * address has to be the database's own.
 */
import pg from 'pg'
import { StudioError } from '@studio/contracts/studio-error'
import type { Lead, Leadership } from '../../ports/leadership.ts'

/** Any number will do as long as only we use it; locks of other databases on the server are apart. */
const LEADER_LOCK = 7_305_512

const CONNECT_WITHIN_MS = 5_000
/** A server that vanished without a word is noticed by the next of these. */
const HEARTBEAT_EVERY_MS = 2_000
const ANSWER_WITHIN_MS = 5_000

export interface LeadershipOptions {
  url: string
  /** How often the holder asks whether its session still lives. */
  heartbeatEveryMs?: number
}

function end(client: pg.Client): Promise<void> {
  // Ending a connection that broke rejects; it is over either way.
  return client.end().catch(() => undefined)
}

/** Asks the session now and then, one question at a time; `onLost` is told when it does not answer. */
function startHeartbeat(client: pg.Client, everyMs: number, onLost: () => void): () => void {
  let timer: NodeJS.Timeout
  const schedule = (): void => {
    timer = setTimeout(() => client.query('select 1').then(schedule, onLost), everyMs)
  }
  schedule()
  return () => clearTimeout(timer)
}

function hold(client: pg.Client, everyMs: number): Lead {
  const lost = new AbortController()
  let released = false
  const over = (): void => {
    stop()
    if (!released) lost.abort(new StudioError('REGISTRY_UNAVAILABLE', { cause: 'the lead was lost' }))
    void end(client)
  }
  const stop = startHeartbeat(client, everyMs, over)
  client.on('error', over)
  client.on('end', over)
  return {
    lost: lost.signal,
    async release() {
      released = true
      stop()
      await end(client)
    },
  }
}

/** Nothing connects before the lead is asked for. */
export function createLeadership({
  url,
  heartbeatEveryMs = HEARTBEAT_EVERY_MS,
}: LeadershipOptions): Leadership {
  return {
    async tryLead() {
      const client = new pg.Client({
        connectionString: url,
        application_name: 'studio-asset-service-leader',
        connectionTimeoutMillis: CONNECT_WITHIN_MS,
        query_timeout: ANSWER_WITHIN_MS,
        keepAlive: true,
      })
      // Without a listener a connection that breaks would end the process; `hold` adds one that acts.
      client.on('error', () => undefined)
      try {
        await client.connect()
        const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [
          LEADER_LOCK,
        ])
        if (rows[0]?.held === true) return hold(client, heartbeatEveryMs)
      } catch (cause) {
        await end(client)
        throw new StudioError('REGISTRY_UNAVAILABLE', { cause })
      }
      await end(client)
      return undefined
    },
  }
}
