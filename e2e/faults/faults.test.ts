/** What breaks between the parts: lines, answers, a database that restarts, clients that leave. After each, every promise holds. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { faultRuns } from '../env.ts'
import { waitUntil } from '@studio/dev/wait-until'
import { CallFailed, callBff } from './bff-calls.ts'
import type { LineFault } from './breaking-line.ts'
import { startBrokenServers, type BrokenServers, type LineName } from './broken-servers.ts'
import { bundleApps, type BundledApps } from './bundled-apps.ts'
import { armFault, type Effect, type Verdict } from './effects.ts'
import { startFaultyStack, type FaultyStack } from './faulty-stack.ts'
import { expectPromises, ownerOf, type Heard, type LeakOptions } from './promises.ts'
import { sendUntilStored, trySending } from './resume.ts'
import { DIRECT, INLINE, MULTIPART, TRANSPORTS, TUS, type Transport } from './transports.ts'
import { begin, newUpload, type Stored, type Upload } from './uploads.ts'

let apps: BundledApps
let servers: BrokenServers
let stack: FaultyStack
beforeAll(async () => {
  ;[apps, servers] = await Promise.all([bundleApps(), startBrokenServers()])
  stack = await startFaultyStack({ servers, apps, replicas: 2 })
})
afterAll(async () => {
  await stack?.dispose()
  await servers?.dispose()
  await apps?.dispose()
})

let heard: Heard[] = []
let leaks: LeakOptions = {}
beforeEach(() => {
  heard = []
  leaks = {}
})
afterEach(async () => {
  await stack.mend()
  stack.route()
  await expectPromises(stack, heard, leaks)
})

const uploadFor = ({ size }: Transport): Upload => newUpload({ ...stack.scene, size })

/** Uploads under a fault until the client has met it, then without it. */
async function throughFault(transport: Transport, during: () => Promise<unknown>): Promise<Heard> {
  const upload = uploadFor(transport)
  const stored: Stored[] = []
  const first = await trySending(ownerOf(stack), { transport, upload })
  if (first !== undefined) stored.push(first)
  await during()
  stored.push(await sendUntilStored(ownerOf(stack), { transport, upload }))
  const outcome = { upload, stored }
  heard.push(outcome)
  return outcome
}

describe('a line', () => {
  const lines: readonly (LineName | 'client' | 'inner')[] = [
    'client',
    'inner',
    'postgres',
    's3',
    's3-public',
    'pocketbase',
  ]
  const faults: readonly LineFault[] = ['reset', 'deaf', 'silent']
  const lineOf = (name: (typeof lines)[number]) =>
    name === 'client' ? stack.client : name === 'inner' ? stack.inner : stack.servers.lines[name]

  test.each(lines.flatMap((name) => faults.map((fault) => [name, fault] as const)))(
    '%s that is %s for a while harms nothing',
    async (...[name, fault]) => {
      const line = lineOf(name)
      const upload = uploadFor(DIRECT)
      line.fail(fault)
      const sending = sendUntilStored(ownerOf(stack), { transport: DIRECT, upload })
      await waitUntil(() => line.hurt() > 0, { what: 'the fault to be met', deadlineMs: 30_000 })
      line.mend()
      heard.push({ upload, stored: [await sending] })
    },
  )

  test('to the store that is slow, and one to the client, is only slow', async () => {
    const upload = newUpload({ ...stack.scene, size: 20_000 })
    stack.servers.lines['s3-public'].fail('slow')
    heard.push({ upload, stored: [await sendUntilStored(ownerOf(stack), { transport: DIRECT, upload })] })
    stack.servers.lines['s3-public'].mend()
    stack.client.fail('slow')
    const small = uploadFor(INLINE)
    heard.push({
      upload: small,
      stored: [await sendUntilStored(ownerOf(stack), { transport: INLINE, upload: small })],
    })
  })
})

const SLOW_DOWN = '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'
const INTERNAL =
  '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>'

/** One answer of the store's is lost or false, at each of the store's effects in turn, until an upload meets none. */
async function atEachStoreEffect(
  transport: Transport,
  options: { moment: 'before' | 'after'; verdict: Verdict },
): Promise<number> {
  for (let at = 0; ; at += 1) {
    const fault = armFault(stack.effects, {
      at,
      moment: options.moment,
      counts: ({ line }) => line === 's3',
      act: () => options.verdict,
    })
    let struck: Effect | undefined
    await throughFault(transport, async () => (struck = await fault.end()))
    if (struck === undefined) return at
  }
}

describe('the store', () => {
  /** How many effects each has at the store, at least. */
  const atLeast = { inline: 1, direct: 3, multipart: 8, tus: 4 }

  // A long run tries every answer with every transport.
  test.each<[string, 'before' | 'after', Verdict, readonly Transport[]]>([
    ['500 in place of doing it', 'before', { status: 500, body: INTERNAL }, [MULTIPART]],
    ['500 after doing it', 'after', { status: 500, body: INTERNAL }, [INLINE, TUS]],
    ['SlowDown', 'before', { status: 503, body: SLOW_DOWN }, [INLINE, DIRECT]],
    ['nothing after doing it', 'after', 'cut', TRANSPORTS],
  ])('may answer %s', async (...[, moment, verdict, transports]) => {
    leaks = { unnotedParts: true }
    for (const transport of faultRuns === undefined ? transports : TRANSPORTS) {
      const effects = await atEachStoreEffect(transport, { moment, verdict })
      expect(effects).toBeGreaterThanOrEqual(atLeast[transport.name])
    }
  })

  test.each(['before', 'after'] as const)('may fail %s assembling a file, all day long', async (moment) => {
    const isAssembly = ({ line, what }: Effect) => line === 's3' && /^POST .*uploadId=/.test(what)
    let failed = 0
    stack.effects.arm((effect, when) => {
      if (when !== moment || !isAssembly(effect) || failed >= 5) return 'pass'
      failed += 1
      return { status: 500, body: INTERNAL }
    })
    await throughFault(MULTIPART, () => Promise.resolve())
    expect(failed).toBeGreaterThan(0)
  })
})

describe('the registry', () => {
  test.each(TRANSPORTS)('may lose the answer to the commit of an upload by $name', async (transport) => {
    const fault = armFault(stack.effects, {
      at: 0,
      moment: 'after',
      counts: ({ line, what }) => line === 'postgres' && /insert into outbox/i.test(what),
      act: () => 'cut',
    })
    await throughFault(transport, async () => expect(await fault.end()).toBeDefined())
  })

  test('may be restarted in the middle of many uploads', async () => {
    const uploads = Array.from({ length: 12 }, (_, nth) => ({
      transport: nth % 2 === 0 ? INLINE : DIRECT,
      upload: newUpload({ ...stack.scene, size: 1_000 }),
    }))
    const fault = armFault(stack.effects, {
      at: 15,
      moment: 'after',
      act: async (): Promise<Verdict> => {
        await stack.kill('postgres')
        await stack.start('postgres')
        return 'pass'
      },
    })
    const stored = await Promise.all(uploads.map((each) => sendUntilStored(ownerOf(stack), each)))
    expect(await fault.end()).toBeDefined()
    heard.push(...uploads.map(({ upload }, nth) => ({ upload, stored: stored.slice(nth, nth + 1) })))
  })
})

test('PocketBase may be away: what is stored meanwhile gets its record when it is back', async () => {
  const before = uploadFor(INLINE)
  heard.push({
    upload: before,
    stored: [await sendUntilStored(ownerOf(stack), { transport: INLINE, upload: before })],
  })
  await stack.kill('pocketbase')
  const uploads = TRANSPORTS.map((transport) => ({ transport, upload: uploadFor(transport) }))
  for (const each of uploads) {
    heard.push({ upload: each.upload, stored: [await sendUntilStored(ownerOf(stack), each)] })
  }
})

describe('a client', () => {
  test.each(TRANSPORTS)('may leave at any moment of an upload by $name, for good', async (transport) => {
    leaks = { unnotedParts: true }
    for (let at = 0; ; at += 1) {
      const fault = armFault(stack.effects, {
        at,
        moment: 'before',
        act: (): Verdict => {
          // The connection that the client waits at is gone; what was under way goes on without it.
          stack.client.fail('reset')
          return 'pass'
        },
      })
      const upload = uploadFor(transport)
      const first = await trySending(ownerOf(stack), { transport, upload })
      const struck = await fault.end()
      stack.client.mend()
      heard.push({ upload, stored: first === undefined ? [] : [first] })
      if (struck === undefined) return
    }
  })

  test('may cancel at any stage, and again', async () => {
    const caller = ownerOf(stack)
    const cancel = (fileId: string) => callBff(caller, 'files.abort', { fileId })
    for (const transport of [DIRECT, MULTIPART]) {
      const upload = uploadFor(transport)
      const { fileId } = await begin(caller, upload)
      await cancel(fileId)
      expect(await cancel(fileId)).toMatchObject({ fileId, state: 'expired' })
      await expect(transport.send(caller, upload)).rejects.toMatchObject({ code: 'UPLOAD_ENDED' })

      const other = uploadFor(transport)
      const stored = await transport.send(caller, other)
      await expect(cancel(stored.fileId)).rejects.toBeInstanceOf(CallFailed)
      heard.push({ upload, stored: [] }, { upload: other, stored: [stored] })
    }
  })

  test('may resume one upload at two replicas at once', async () => {
    leaks = { unnotedParts: true }
    for (const transport of TRANSPORTS) {
      const upload = uploadFor(transport)
      const twice = [0, 1].map(() => sendUntilStored(ownerOf(stack), { transport, upload }))
      heard.push({ upload, stored: await Promise.all(twice) })
    }
  })
})
