/** Replicas over one database: one does the housekeeping, and another takes over when that one goes. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLeadership } from '@studio/asset-service/adapters/postgres/leadership'
import { openDatabase, type Database } from '@studio/asset-service/adapters/postgres/database'
import { readEnv } from '../src/env.ts'
import { startLeaderWork } from '../src/leader-work.ts'
import { startAssetServer, type RunningAssetServer } from '../src/start.ts'
import { createTestEnvironment, type Variables } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'

let issuer: TestIssuer
let variables: Variables
let database: Database
beforeAll(async () => {
  issuer = await startTestIssuer()
})
afterAll(() => issuer.close())
beforeEach(async () => {
  variables = await createTestEnvironment(issuer)
  database = openDatabase({ url: variables['DATABASE_URL'] ?? '', maxConnections: 2, onIdleError: () => {} })
  return () => database.close()
})

const running: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0).toReversed()) await stop()
})

/** Ends the leader's session at the database, as the death of its process does. */
const endLeadersSession = () =>
  database.pool.query(`
    select pg_terminate_backend(l.pid) from pg_locks l
    where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())`)

interface Replica {
  server: RunningAssetServer
  /** How often it expired uploads, which is the first thing that a leader does. */
  expired: () => number
  /** How often it looked into the outbox, which every replica does. */
  looked: () => number
  stop: () => Promise<void>
}

async function startReplica(): Promise<Replica> {
  let expired = 0
  let looked = 0
  const server = await startAssetServer(readEnv(variables), {
    wrapPorts: (ports) => ({
      ...ports,
      expiredUploads: {
        ...ports.expiredUploads,
        expireOverdue: (now) => {
          expired += 1
          return ports.expiredUploads.expireOverdue(now)
        },
      },
      outbox: {
        ...ports.outbox,
        lease: (options) => {
          looked += 1
          return ports.outbox.lease(options)
        },
      },
    }),
  })
  let stopped = false
  const stop = async (): Promise<void> => {
    if (!stopped) await server.stop()
    stopped = true
  }
  running.push(stop)
  return { server, expired: () => expired, looked: () => looked, stop }
}

describe('of two replicas', () => {
  test('one keeps house, both deliver, and the other takes over within seconds', async () => {
    const first = await startReplica()
    await expect.poll(first.expired).toBe(1)
    const second = await startReplica()
    // It has asked for the lead by the time that it has looked into the outbox several times.
    await expect.poll(second.looked, { timeout: 10_000 }).toBeGreaterThan(6)
    expect(first.looked()).toBeGreaterThan(6)
    expect([first.expired(), second.expired()]).toEqual([1, 0])
    await first.stop()
    await expect.poll(second.expired, { timeout: 10_000 }).toBe(1)
  })

  test('one leads again after the database ended the leader’s session, and the service goes on', async () => {
    const replicas = [await startReplica(), await startReplica()]
    const expired = () => replicas.reduce((sum, replica) => sum + replica.expired(), 0)
    await expect.poll(expired).toBe(1)
    await endLeadersSession()
    await expect.poll(expired, { timeout: 10_000 }).toBe(2)
    for (const { server } of replicas) expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })
})

describe('a lead', () => {
  const leadership = () => createLeadership({ url: variables['DATABASE_URL'] ?? '', heartbeatEveryMs: 100 })

  test('is given to one of many who ask at once, and to the next when it is released', async () => {
    const leads = await Promise.all(Array.from({ length: 6 }, () => leadership().tryLead()))
    const [held, ...none] = leads.toSorted((a) => (a === undefined ? 1 : -1))
    expect(none.every((lead) => lead === undefined)).toBe(true)
    await held?.release()
    await held?.release()
    expect(held?.lost.aborted).toBe(false)
    const next = await leadership().tryLead()
    expect(next).toBeDefined()
    await next?.release()
  })

  test('says that it is lost when its session ends', async () => {
    const lead = await leadership().tryLead()
    await endLeadersSession()
    await expect.poll(() => lead?.lost.aborted, { timeout: 5_000 }).toBe(true)
    await lead?.release()
  })

  test('that nobody can be asked for is REGISTRY_UNAVAILABLE', async () => {
    const away = createLeadership({ url: 'postgres://nobody@127.0.0.1:9/none' })
    await expect(away.tryLead()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
  })

  test('that is lost aborts the work under way before the lead is asked for again', async () => {
    const events: string[] = []
    const lost = new AbortController()
    let asked = 0
    const stop = startLeaderWork({
      leadership: {
        async tryLead() {
          events.push(`ask ${(asked += 1)}`)
          return asked > 1
            ? undefined
            : { lost: lost.signal, release: async () => void events.push('release') }
        },
      },
      works: [
        {
          name: 'long work',
          everyMs: 1,
          run: (signal) =>
            new Promise((resolve) => {
              signal.addEventListener('abort', () => {
                events.push('work ended')
                resolve(0)
              })
              events.push('work began')
            }),
          onError: () => events.push('error'),
        },
      ],
      askEveryMs: 1,
      onError: () => events.push('error'),
    })
    await expect.poll(() => events).toEqual(['ask 1', 'work began'])
    lost.abort()
    await expect.poll(() => asked).toBeGreaterThan(1)
    await stop()
    expect(events.slice(0, 5)).toEqual(['ask 1', 'work began', 'work ended', 'release', 'ask 2'])
  })
})
