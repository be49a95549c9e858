/** Clocks that are ten minutes wrong: nothing that was promised breaks, whichever of the processes it is. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startBrokenServers, type BrokenServers } from './broken-servers.ts'
import { bundleApps, type BundledApps } from './bundled-apps.ts'
import { startFaultyStack, type FaultyStack } from './faulty-stack.ts'
import { expectPromises, ownerOf, type Heard } from './promises.ts'
import { isPassing, sendUntilStored } from './resume.ts'
import { TRANSPORTS } from './transports.ts'
import { newUpload, type Stored } from './uploads.ts'

const TEN_MINUTES_MS = 10 * 60_000

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
beforeEach(() => async () => {
  await setClocks({ assetServer: 0, bff: 0 })
})

async function setClocks({ assetServer, bff }: { assetServer: number; bff: number }): Promise<void> {
  for (const replica of stack.replicas) replica.skewClock(assetServer)
  stack.bff.skewClock(bff)
  await Promise.all([...stack.replicas, stack.bff].map((app) => app.stop()))
  await stack.mend()
}

/** Tries each transport; a refusal is one that says nothing about the file. */
async function tryAll(): Promise<Heard[]> {
  const heard: Heard[] = []
  for (const transport of TRANSPORTS) {
    const upload = newUpload({ ...stack.scene, size: transport.size })
    const stored: Stored[] = []
    try {
      stored.push(await transport.send(ownerOf(stack), upload))
    } catch (thrown) {
      if (!isPassing(thrown) && !isRefusedUrl(thrown)) throw thrown
    }
    heard.push({ upload, stored })
  }
  return heard
}

/** S3 refuses what was signed in its future or for a time that is over. */
function isRefusedUrl(thrown: unknown): boolean {
  return thrown instanceof Error && 'status' in thrown && thrown.status === 403
}

const AHEAD = TEN_MINUTES_MS
const BEHIND = -TEN_MINUTES_MS

describe('a clock that is ten minutes', () => {
  test.each([
    ['ahead on the whole machine', { assetServer: AHEAD, bff: AHEAD }],
    ['behind on the whole machine', { assetServer: BEHIND, bff: BEHIND }],
    ['ahead at the Asset Service alone', { assetServer: AHEAD, bff: 0 }],
    ['behind at the Asset Service alone', { assetServer: BEHIND, bff: 0 }],
  ])('%s breaks no promise', async (_whose, clocks) => {
    await setClocks(clocks)
    const heard = await tryAll()
    await setClocks({ assetServer: 0, bff: 0 })
    // With the clocks right again, what was refused goes on.
    for (const [index, { upload, stored }] of heard.entries()) {
      const transport = TRANSPORTS[index]
      if (transport === undefined) throw new Error('a transport for each')
      heard[index] = {
        upload,
        stored: [...stored, await sendUntilStored(ownerOf(stack), { transport, upload })],
      }
    }
    expect(heard).toHaveLength(TRANSPORTS.length)
    await expectPromises(stack, heard)
  })
})
