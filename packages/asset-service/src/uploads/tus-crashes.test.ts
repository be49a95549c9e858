/** tus uploads whose process dies between any two effects: an offset that was told never goes back, and nothing is left. */
import { Readable } from 'node:stream'
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fileIdSchema, type FileId } from '@studio/contracts/file'
import { MIB, TUS_PART_BYTES } from '@studio/contracts/limits'
import type { Ports } from '../ports/ports.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import { faultRuns } from '../testing/env.ts'
import { fusePorts, type Fuse } from '../testing/fuse.ts'
import { createServiceUnderTest, sha256Of, type ServiceUnderTest } from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'
import { createTusHandler, type TusHandler } from './tus-handler.ts'

/** A part from two bodies, and a rest. */
const BYTES = Buffer.from('Words that are repeated. '.repeat(1 + TUS_PART_BYTES / 25) + 'And others.')
const BODY_BYTES = 5 * MIB
const ORIGIN = 'http://assets.studio.test'

/** Chooses what a short run leaves out; a failure names it. */
const SEED = Math.floor(Math.random() * 1000)
const MOMENTS = ['before', 'after'] as const

let studio: TestStudio
let tested: ServiceUnderTest
beforeAll(async () => {
  studio = await createTestStudio()
})
beforeEach(async () => {
  tested = await createServiceUnderTest({ studio })
  return () => tested.close()
})

/** What a client knows for certain. */
interface Known {
  address: string | undefined
  offset: number
  isComplete: boolean
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function ask(tus: TusHandler, method: string, sent: { to: string; headers?: object; body?: Buffer }) {
  const { to, headers = {}, body } = sent
  const request = new Request(`${ORIGIN}${to}`, {
    method,
    headers: {
      'tus-resumable': '1.0.0',
      ...(body === undefined ? {} : { 'content-type': 'application/offset+octet-stream' }),
      ...headers,
    },
  })
  const stream = Readable.from(body === undefined ? [] : [body])
  return tus.handle({ actor: tested.actor, request, body: stream, requestId: 'crash' })
}

/** As far as it comes: to the end, or to an answer that says that there is none. */
async function send(tus: TusHandler, known: Known, headers: object = {}): Promise<void> {
  if (known.address === undefined) {
    const { projectId, cardId } = studio
    const metadata = { filename: 'notes.txt', filetype: 'text/plain', projectId, cardId }
    const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`)
    const created = await ask(tus, 'POST', {
      to: '/tus',
      headers: { 'upload-length': String(BYTES.length), 'upload-metadata': pairs.join(','), ...headers },
    })
    if (created.status !== 201) return
    known.address = new URL(created.headers.get('location') ?? '', ORIGIN).pathname
  }
  for (;;) {
    const head = await ask(tus, 'HEAD', { to: known.address })
    if (head.status !== 200) return
    const offset = Number(head.headers.get('upload-offset'))
    expect(offset).toBeGreaterThanOrEqual(known.offset)
    known.offset = offset
    known.isComplete = offset === BYTES.length
    if (known.isComplete) return
    const patched = await ask(tus, 'PATCH', {
      to: known.address,
      headers: { 'upload-offset': String(offset) },
      body: BYTES.subarray(offset, offset + BODY_BYTES),
    })
    if (patched.status !== 204) return
    known.offset = Number(patched.headers.get('upload-offset'))
  }
}

/** What time does: leases of the dead end. */
async function passTime(): Promise<void> {
  await tested.run(sql`update tus_uploads set locked_until = 'epoch'`)
  await tested.makeOutboxDue()
}

const fileIdOf = ({ address }: Known): FileId => fileIdSchema.parse(address?.split('/').at(-1))

async function readBack(fileId: FileId): Promise<Uint8Array> {
  const { items } = await tested.service.resolveUrls(tested.actor, {
    items: [{ fileId, disposition: 'inline' }],
  })
  const [item] = items
  if (item?.status !== 'ok') throw new Error('a stored file has no URL')
  return new Uint8Array(await (await fetch(item.url)).arrayBuffer())
}

/** The reconciler treats what is new with care; here nothing is under way any more. */
async function expectNothingLeft(): Promise<void> {
  while ((await tested.service.deliverDue()) > 0) await tested.makeOutboxDue()
  const report = await reconcile(tested.ports, { graceSeconds: -60 })
  expect(report).toMatchObject({ orphansRemoved: 0, uploadsAborted: 0, findings: 0 })
}

/** `false` when the work was done before the fuse could blow. */
async function crashAt(fuse: Fuse, work: (ports: Ports, known: Known) => Promise<void>): Promise<boolean> {
  const known: Known = { address: undefined, offset: 0, isComplete: false }
  const fused = fusePorts(tested.ports, fuse)
  await work(fused.ports, known)
  if (!fused.isBlown()) return false
  await passTime()
  await work(tested.ports, known)
  expect(known.isComplete).toBe(true)
  expect(sha256Of(await readBack(fileIdOf(known)))).toBe(sha256Of(BYTES))
  await expectNothingLeft()
  expect(await studio.findRecord(fileIdOf(known))).toMatchObject({ size: BYTES.length })
  return true
}

/** A process that dies after an effect leaves what one leaves that dies before the next: a short run tries one of both. */
function momentsOf(effect: number): readonly Fuse['moment'][] {
  return faultRuns === undefined ? [(effect + SEED) % 2 === 0 ? 'before' : 'after'] : MOMENTS
}

describe('an upload by tus', () => {
  test('survives a crash at each of its effects', { timeout: 600_000 }, async () => {
    const work = (ports: Ports, known: Known): Promise<void> => send(createTusHandler(ports), known)
    for (let effect = 0; ; effect += 1) {
      let isOver = false
      for (const moment of momentsOf(effect)) {
        const died = await crashAt({ effect, moment }, work).catch((cause: unknown) => {
          throw new Error(`${moment} effect ${effect}, seed ${SEED}`, { cause })
        })
        isOver ||= !died
      }
      if (!isOver) continue
      expect(effect).toBeGreaterThan(35)
      return
    }
  })
})
