/** kill -9 of each process at the effects of each transport: before one reaches its server, and after, with nobody told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultRuns } from '../env.ts'
import { startBrokenServers, type BrokenServers } from './broken-servers.ts'
import { bundleApps, type BundledApps } from './bundled-apps.ts'
import { armFault, isForeground, type Moment, type Verdict } from './effects.ts'
import { PROCESSES, startFaultyStack, type FaultyStack, type ProcessName } from './faulty-stack.ts'
import { expectPromises, ownerOf, type Heard } from './promises.ts'
import { sendUntilStored, trySending } from './resume.ts'
import { TRANSPORTS, type Transport } from './transports.ts'
import { newUpload, type Stored } from './uploads.ts'

/** Of each process and transport, in a short run; a long one takes every effect, before and after. */
const SHORT_RUN_CRASHES = 3

let apps: BundledApps
let servers: BrokenServers
let stack: FaultyStack
beforeAll(async () => {
  ;[apps, servers] = await Promise.all([bundleApps(), startBrokenServers()])
  stack = await startFaultyStack({ servers, apps })
})
afterAll(async () => {
  await stack?.dispose()
  await servers?.dispose()
  await apps?.dispose()
})

interface Crash {
  readonly victim: ProcessName
  readonly at: number
  readonly moment: Moment
}

/** Uploads while the victim dies at one effect, then goes on. Resolves to what the client heard. */
async function crashAndGoOn(transport: Transport, { victim, at, moment }: Crash): Promise<Heard> {
  const upload = newUpload({ ...stack.scene, size: transport.size })
  const fault = armFault(stack.effects, {
    at,
    moment,
    act: async (): Promise<Verdict> => {
      await stack.kill(victim)
      return 'cut'
    },
  })
  const stored: Stored[] = []
  const first = await trySending(ownerOf(stack), { transport, upload })
  if (first !== undefined) stored.push(first)
  const struck = await fault.end()
  // Without a crash there is no reason to fail.
  if (struck === undefined) expect(first).toBeDefined()
  await stack.mend()
  stored.push(await sendUntilStored(ownerOf(stack), { transport, upload }))
  return { upload, stored }
}

/** Uploads without a fault, and lists the effects. */
async function listEffects(transport: Transport): Promise<{ heard: Heard; effects: string[] }> {
  const effects: string[] = []
  stack.effects.arm((effect, moment) => {
    if (moment === 'before' && isForeground(effect)) effects.push(effect.line)
    return 'pass'
  })
  const upload = newUpload({ ...stack.scene, size: transport.size })
  const stored = await sendUntilStored(ownerOf(stack), { transport, upload })
  stack.effects.arm()
  return { heard: { upload, stored: [stored] }, effects }
}

/** A short run spreads its crashes evenly; each process begins elsewhere, so that together they meet more of the effects. */
function crashesOf(effects: number, victim: ProcessName): Omit<Crash, 'victim'>[] {
  if (faultRuns !== undefined) {
    return Array.from({ length: effects }, (_, at) => at).flatMap((at) => [
      { at, moment: 'before' as const },
      { at, moment: 'after' as const },
    ])
  }
  const stride = effects / SHORT_RUN_CRASHES
  const offset = (PROCESSES.indexOf(victim) * stride) / PROCESSES.length
  return Array.from({ length: SHORT_RUN_CRASHES }, (_, nth) => ({
    at: Math.floor(nth * stride + offset),
    moment: (nth + PROCESSES.indexOf(victim)) % 2 === 0 ? ('before' as const) : ('after' as const),
  }))
}

describe.each(TRANSPORTS)('an upload by $name', (transport) => {
  let effects: string[] = []
  const all: Heard[] = []
  beforeAll(async () => {
    const listed = await listEffects(transport)
    effects = listed.effects
    all.push(listed.heard)
  })

  test('has effects at every server', () => {
    expect(new Set(effects)).toEqual(new Set(['asset-service', 'postgres', 's3', 'pocketbase']))
  })

  test.each(PROCESSES)('survives kill -9 of %s', async (victim) => {
    for (const crash of crashesOf(effects.length, victim)) {
      all.push(await crashAndGoOn(transport, { ...crash, victim }))
    }
  })

  test('has kept every promise after all of these', async () => {
    await expectPromises(stack, all, {
      unnotedParts: transport.name === 'multipart' || transport.name === 'tus',
    })
  })
})
