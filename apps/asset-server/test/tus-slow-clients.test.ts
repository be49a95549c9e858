/** Slow tus clients, more than there are part buffers: they take turns, and keep nobody waiting for long. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KIB, MIB } from '@studio/contracts/limits'
import { fileIdOf, generatedText, sha256Of, type TusAnswer } from './tus-client.ts'
import { startTusUnderTest, type TusUnderTest } from './tus-under-test.ts'

/** Twice as many as there are buffers. */
const SLOW_CLIENTS = 12
const PIECE_BYTES = 16 * KIB
const SIZE = 9 * MIB

let tus: TusUnderTest
beforeAll(async () => {
  tus = await startTusUnderTest()
})
afterAll(() => tus.close())

interface SlowClient {
  url: string
  bytes: Buffer
  /** From now on it sends as fast as it can. */
  hurry: () => void
  answer: Promise<TusAnswer>
}

/** Some bytes at once, then a little now and then: never silent for long enough to be dropped. */
async function startSlowly(seed: string, withChecksum: boolean): Promise<SlowClient> {
  const bytes = generatedText(SIZE, seed)
  const url = await tus.create(SIZE)
  const hurried = new AbortController()
  async function* slowly(): AsyncGenerator<Buffer> {
    for (let sent = 0; sent < SIZE; sent += PIECE_BYTES) {
      if (sent > MIB) await pause(200, undefined, hurried).catch(() => undefined)
      yield bytes.subarray(sent, sent + PIECE_BYTES)
    }
  }
  const digest = createHash('sha256').update(bytes).digest('base64')
  const headers = withChecksum ? { 'upload-checksum': `sha256 ${digest}` } : {}
  const answer = tus.patch(url, 0, { body: slowly(), headers })
  return { url, bytes, hurry: () => hurried.abort(), answer }
}

test.each([
  ['plain bodies', false],
  ['bodies with a checksum, of which nothing may be acknowledged before their end', true],
])('with %s a fast client is served beside them', { timeout: 120_000 }, async (_what, withChecksum) => {
  const slow = await Promise.all(
    Array.from({ length: SLOW_CLIENTS }, (_, n) => startSlowly(`slow ${n}`, withChecksum)),
  )
  const over = new Set<SlowClient>()
  for (const client of slow) void client.answer.finally(() => over.add(client)).catch(() => undefined)

  const bytes = generatedText(24 * MIB, 'fast')
  const url = await tus.create(bytes.length)
  expect(await tus.patch(url, 0, { body: bytes })).toMatchObject({ status: 204 })
  expect(sha256Of(await tus.readBack(fileIdOf(url)))).toBe(sha256Of(bytes))
  // It overtook them all, and did not wait until they were done or dropped.
  expect(over.size).toBe(0)

  for (const client of slow) client.hurry()
  for (const client of slow) {
    expect(await client.answer).toMatchObject({ status: 204 })
    expect(sha256Of(await tus.readBack(fileIdOf(client.url)))).toBe(sha256Of(client.bytes))
  }
})

test('after all of this store and registry agree, and no segment is left', async () => {
  expect(await tus.reconcile()).toEqual({ orphansRemoved: 0, uploadsAborted: 0, findings: 0 })
})
