/** kill -9 in the middle of tus uploads, and two replicas at once: an offset that was told never goes back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAssetServiceClient } from '@studio/asset-service/client'
import { faultRuns } from '@studio/asset-service/testing/env'
import type { Fuse } from '@studio/asset-service/testing/fuse'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import { MIB } from '@studio/contracts/limits'
import { readEnv } from '../src/env.ts'
import { startAssetServer } from '../src/start.ts'
import { bundleDoomedServer, type DoomedServers } from './doomed-server.ts'
import { createTestEnvironment, type Variables } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'
import { callTus, encodeMetadata, fileIdOf, generatedText, metadataFor, sha256Of } from './tus-client.ts'
import { readBack, reconcileAll, tokenOf } from './tus-under-test.ts'

const EFFECTS_AT_LEAST = 35
/** Each is a server process and a pool of database connections, and most of the time it waits for a dead one's lease to end. */
const CRASHES_AT_ONCE = 6

let issuer: TestIssuer
let studio: TestStudio
let token = ''
let servers: DoomedServers
beforeAll(async () => {
  servers = await bundleDoomedServer()
  issuer = await startTestIssuer()
  studio = await createTestStudio()
  token = await tokenOf(issuer, studio)
})
afterAll(async () => {
  await issuer.close()
  await servers.remove()
})

/** What a client knows for certain: where the upload is, and the offset it was last told. */
interface Known {
  path: string | undefined
  offset: number
}

/** Goes on from what the server says, in PATCHes of at most `step` bytes. Rejects when the server does not answer. */
async function send(
  url: string,
  bytes: Buffer,
  { known, step }: { known: Known; step: number },
): Promise<void> {
  const metadata = encodeMetadata(metadataFor(studio))
  const length = { 'upload-length': String(bytes.length), 'upload-metadata': metadata }
  if (known.path === undefined) {
    const created = await callTus({ method: 'POST', url: `${url}/tus`, token, headers: length })
    expect(created.status, created.body).toBe(201)
    known.path = created.headers.location
  }
  const address = `${url}${known.path}`
  for (;;) {
    const head = await callTus({ method: 'HEAD', url: address, token })
    expect(head.status).toBe(200)
    const offset = Number(head.headers['upload-offset'])
    expect(offset).toBeGreaterThanOrEqual(known.offset)
    known.offset = offset
    if (offset === bytes.length) return
    const body = bytes.subarray(offset, offset + step)
    const headers = { 'upload-offset': String(offset) }
    const answer = await callTus({ method: 'PATCH', url: address, token, headers, body })
    expect(answer.status, answer.body).toBe(204)
    known.offset = Number(answer.headers['upload-offset'])
  }
}

/** After the crash: goes on with another process, and everything is as if nothing had happened. */
async function goOn(variables: Variables, bytes: Buffer, known: Known): Promise<void> {
  const next = await startAssetServer(readEnv(variables))
  try {
    await send(next.url, bytes, { known, step: Infinity })
    const client = createAssetServiceClient({
      url: next.url,
      headers: async () => ({ authorization: `Bearer ${token}` }),
    })
    expect(sha256Of(await readBack(client, fileIdOf(known.path)))).toBe(sha256Of(bytes))
    expect(await reconcileAll(variables)).toEqual({ orphansRemoved: 0, uploadsAborted: 0, findings: 0 })
  } finally {
    await next.stop()
  }
}

async function crashAt({ effect, moment }: Fuse): Promise<boolean> {
  const variables = await createTestEnvironment(issuer)
  const bytes = generatedText(9 * MIB, `crash ${moment} ${effect}`)
  const doomed = await servers.start(variables, { effect, moment })
  const known: Known = { path: undefined, offset: 0 }
  const survived = await send(doomed.url, bytes, { known, step: 5 * MIB }).then(
    () => true,
    () => false,
  )
  if (survived) doomed.kill()
  expect(await doomed.ended).toBe(true)
  await goOn(variables, bytes, known)
  return !survived
}

/** A short run tries a few, chosen at random: `tus-crashes.test.ts` of the service tries each effect, without processes. */
function crashPoints(): Fuse[] {
  const all = Array.from({ length: EFFECTS_AT_LEAST }, (_, effect) =>
    (['before', 'after'] as const).map((moment) => ({ effect, moment })),
  ).flat()
  if (faultRuns !== undefined) return all
  const stride = Math.ceil(all.length / CRASHES_AT_ONCE)
  const first = Math.floor(Math.random() * stride)
  return all.filter((_, index) => index % stride === first)
}

async function killAtAnyByte(run: number): Promise<void> {
  const variables = await createTestEnvironment(issuer)
  const bytes = generatedText(20 * MIB, `killed ${run}`)
  const killedAt = Math.floor(Math.random() * bytes.length)
  const doomed = await servers.start(variables)
  const known: Known = { path: undefined, offset: 0 }
  const metadata = encodeMetadata(metadataFor(studio))
  const length = { 'upload-length': String(bytes.length), 'upload-metadata': metadata }
  const created = await callTus({ method: 'POST', url: `${doomed.url}/tus`, token, headers: length })
  known.path = created.headers.location
  async function* untilKilled(): AsyncGenerator<Buffer> {
    for (let sent = 0; sent < bytes.length; sent += 65_536) {
      if (sent >= killedAt) doomed.kill()
      yield bytes.subarray(sent, sent + 65_536)
    }
  }
  const patch = { method: 'PATCH', url: `${doomed.url}${known.path}`, token, body: untilKilled() }
  await callTus({ ...patch, headers: { 'upload-offset': '0' } }).catch(() => undefined)
  doomed.kill()
  expect(await doomed.ended, `killed at ${killedAt}`).toBe(true)
  await goOn(variables, bytes, known)
}

describe('an upload by tus', () => {
  test('survives kill -9 before and after its effects', { timeout: 900_000 }, async () => {
    const points = crashPoints()
    for (let first = 0; first < points.length; first += CRASHES_AT_ONCE) {
      const tried = points.slice(first, first + CRASHES_AT_ONCE)
      const died = await Promise.all(tried.map(crashAt))
      expect(died, JSON.stringify(tried)).toEqual(tried.map(() => true))
    }
  })

  test('survives kill -9 at any byte', { timeout: 300_000 }, async () => {
    await Promise.all(Array.from({ length: 4 }, (_, run) => killAtAnyByte(run)))
  })
})

describe('two replicas', () => {
  test('never both take the same bytes, and what they took is one file', { timeout: 120_000 }, async () => {
    const variables = await createTestEnvironment(issuer)
    const replicas = [await startAssetServer(readEnv(variables)), await startAssetServer(readEnv(variables))]
    try {
      const bytes = generatedText(30 * MIB, 'replicas')
      const known: Known = { path: undefined, offset: 0 }
      const length = {
        'upload-length': String(bytes.length),
        'upload-metadata': encodeMetadata(metadataFor(studio)),
      }
      const first = replicas[0]?.url ?? ''
      const created = await callTus({ method: 'POST', url: `${first}/tus`, token, headers: length })
      known.path = created.headers.location
      const answers = await Promise.all(
        replicas.map(({ url }) =>
          callTus({
            method: 'PATCH',
            url: `${url}${known.path}`,
            token,
            headers: { 'upload-offset': '0' },
            body: bytes,
          }).catch(() => undefined),
        ),
      )
      expect(answers.filter((answer) => answer?.status === 204).length).toBeLessThanOrEqual(1)
      await goOn(variables, bytes, known)
    } finally {
      for (const replica of replicas) await replica.stop()
    }
  })

  test(
    'hand an upload over: whoever asks at the other one has it within seconds',
    { timeout: 60_000 },
    async () => {
      const variables = await createTestEnvironment(issuer)
      const replicas = [
        await startAssetServer(readEnv(variables)),
        await startAssetServer(readEnv(variables)),
      ]
      try {
        const [one = '', two = ''] = replicas.map(({ url }) => url)
        const bytes = generatedText(10 * MIB, 'handed over')
        const known: Known = { path: undefined, offset: 0 }
        const length = {
          'upload-length': String(bytes.length),
          'upload-metadata': encodeMetadata(metadataFor(studio)),
        }
        const created = await callTus({ method: 'POST', url: `${one}/tus`, token, headers: length })
        known.path = created.headers.location
        let end = (): void => {}
        const halfOpen = new Promise<void>((resolve) => {
          end = resolve
        })
        async function* thenNothing(): AsyncGenerator<Buffer> {
          yield bytes.subarray(0, 3 * MIB)
          await halfOpen
        }
        const address = (url: string): string => `${url}${known.path}`
        const headers = { 'upload-offset': '0' }
        const stuck = callTus({ method: 'PATCH', url: address(one), token, headers, body: thenNothing() })
        // Until the first has the lock and the bytes, a question finds nothing; each takes the lock for a moment only.
        await expect
          .poll(
            async () =>
              (await callTus({ method: 'HEAD', url: address(two), token })).headers['upload-offset'],
            {
              timeout: 20_000,
            },
          )
          .toBe(String(3 * MIB))
        expect(await stuck).toMatchObject({ status: 423, code: 'UPLOAD_BUSY' })
        end()
        await send(two, bytes, { known, step: Infinity })
        await goOn(variables, bytes, known)
      } finally {
        for (const replica of replicas) await replica.stop()
      }
    },
  )
})
