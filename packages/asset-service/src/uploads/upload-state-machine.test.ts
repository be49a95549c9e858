/**
 * The upload state machine as a property: random steps by clients, with the process dying at random effects and the client
 * trying again, end where the table in `upload-state.ts` says, with P1, P2, P3, P6 and P7 intact.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import { UPLOAD_LIFE_SECONDS } from '@studio/contracts/limits'
import type { BeginUpload } from '@studio/contracts/upload'
import { createAssetService, type AssetService } from '../index.ts'
import { fusePorts, type Fuse } from '../testing/fuse.ts'
import {
  createServiceUnderTest,
  putDirect,
  textBytes,
  type ServiceUnderTest,
} from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'

const RUNS = 40
const MAX_STEPS = 14
const SLOTS = 3

type Action =
  | 'begin'
  | 'send'
  | 'complete'
  | 'abort'
  | 'inline'
  | 'complete twice at once'
  | 'race abort and complete'
const ACTIONS: readonly Action[] = [
  'begin',
  'send',
  'complete',
  'abort',
  'inline',
  'complete twice at once',
  'race abort and complete',
]

interface Step {
  slot: number
  action: Action
  fuse: Fuse | undefined
}

const step: fc.Arbitrary<Step> = fc.record({
  slot: fc.nat(SLOTS - 1),
  action: fc.constantFrom(...ACTIONS),
  fuse: fc.option(
    fc.record({ effect: fc.nat(5), moment: fc.constantFrom('before' as const, 'after' as const) }),
    {
      nil: undefined,
      freq: 2,
    },
  ),
})

/** What the client knows of one upload, and what the model says about it. */
interface Slot {
  request: BeginUpload
  bytes: Uint8Array<ArrayBuffer>
  state: 'new' | 'uploading' | 'ready' | 'ended'
  fileId: FileId | undefined
  sent: boolean
}

let studio: TestStudio
let tested: ServiceUnderTest
let secondsAhead = 0
beforeAll(async () => {
  studio = await createTestStudio()
  tested = await createServiceUnderTest({ studio, now: () => new Date(Date.now() + secondsAhead * 1000) })
})
afterAll(() => tested.close())

function newSlot(index: number): Slot {
  const bytes = textBytes(`slot ${index}: ${crypto.randomUUID()}`)
  return { request: tested.requestFor(bytes), bytes, state: 'new', fileId: undefined, sent: false }
}

type Outcome<Value> = { ok: Value } | { code: string }

/** Runs one request as a client would: if the process dies under it, the same request goes to the next process. */
async function attempt<Value>(fuse: Fuse | undefined, request: (service: AssetService) => Promise<Value>) {
  const settle = (running: Promise<Value>): Promise<Outcome<Value>> =>
    running.then(
      (ok) => ({ ok }),
      (error: { code?: string }) => ({ code: error.code ?? String(error) }),
    )
  if (fuse !== undefined) {
    const fused = fusePorts(tested.ports, fuse)
    const outcome = await settle(request(createAssetService(fused.ports)))
    if (!fused.isBlown()) return outcome
  }
  return settle(request(tested.service))
}

async function begin(slot: Slot, fuse: Fuse | undefined): Promise<void> {
  const outcome = await attempt(fuse, (service) => service.beginUpload(tested.actor, slot.request))
  if (slot.state === 'ended') return expect(outcome).toEqual({ code: 'UPLOAD_ENDED' })
  expect(outcome).toMatchObject({ ok: { state: slot.state === 'ready' ? 'ready' : 'uploading' } })
  if ('ok' in outcome) slot.fileId = outcome.ok.fileId
  if (slot.state === 'new') slot.state = 'uploading'
}

async function send(slot: Slot): Promise<void> {
  if (slot.state !== 'uploading') return
  const begun = await tested.service.beginUpload(tested.actor, slot.request)
  expect((await putDirect(begun, slot.bytes)).status).toBe(200)
  slot.sent = true
}

function expectCompletion(slot: Slot, outcome: Outcome<unknown>): void {
  if (slot.state === 'ended') return expect(outcome).toEqual({ code: 'UPLOAD_ENDED' })
  if (slot.state === 'uploading' && !slot.sent) return expect(outcome).toEqual({ code: 'UPLOAD_INCOMPLETE' })
  expect(outcome).toMatchObject({ ok: { fileId: slot.fileId, sha256: slot.request.sha256 } })
  slot.state = 'ready'
}

const complete = (fileId: FileId, fuse?: Fuse) =>
  attempt(fuse, (service) => service.completeUpload(tested.actor, { fileId }))

async function abort(slot: Slot, fileId: FileId, fuse: Fuse | undefined): Promise<void> {
  const outcome = await attempt(fuse, (service) => service.abortUpload(tested.actor, { fileId }))
  if (slot.state === 'ready') return expect(outcome).toEqual({ code: 'UPLOAD_ALREADY_COMPLETE' })
  expect(outcome).toEqual({ ok: { fileId, state: 'expired' } })
  slot.state = 'ended'
}

async function inline(slot: Slot, fuse: Fuse | undefined): Promise<void> {
  const { bytes } = slot
  const outcome = await attempt(fuse, (service) =>
    service.putInline(tested.actor, { request: slot.request, bytes }),
  )
  if (slot.state === 'ended') return expect(outcome).toEqual({ code: 'UPLOAD_ENDED' })
  expect(outcome).toMatchObject({ ok: { sha256: slot.request.sha256 } })
  if ('ok' in outcome) slot.fileId = outcome.ok.fileId
  slot.state = 'ready'
}

async function raceAbortAndComplete(slot: Slot, fileId: FileId): Promise<void> {
  const [aborted, completed] = await Promise.all([
    attempt(undefined, (service) => service.abortUpload(tested.actor, { fileId })),
    complete(fileId),
  ])
  const wasReady = slot.state === 'ready'
  expect('ok' in completed && 'ok' in aborted).toBe(false)
  if ('ok' in completed) slot.state = 'ready'
  else if ('ok' in aborted) slot.state = 'ended'
  expect(wasReady && slot.state !== 'ready').toBe(false)
}

async function take({ slot: index, action, fuse }: Step, slots: Slot[]): Promise<void> {
  const slot = slots[index]
  if (slot === undefined) return
  const { fileId } = slot
  if (action === 'begin') return begin(slot, fuse)
  if (action === 'send') return send(slot)
  if (action === 'inline') return inline(slot, fuse)
  if (fileId === undefined) return
  if (action === 'abort') return abort(slot, fileId, fuse)
  if (action === 'complete') return expectCompletion(slot, await complete(fileId, fuse))
  if (action === 'race abort and complete') return raceAbortAndComplete(slot, fileId)
  const both = await Promise.all([complete(fileId, fuse), complete(fileId)])
  for (const outcome of both) expectCompletion(slot, outcome)
}

/** P1 and P3 for what is ready, P4 and P7 for what is not, after every lease and URL has run out. */
async function expectPromisesKept(slots: Slot[]): Promise<void> {
  await tested.makeOutboxDue()
  while ((await tested.service.deliverDue()) > 0) continue
  secondsAhead = 2 * UPLOAD_LIFE_SECONDS
  while ((await tested.service.expireUploads()) > 0) continue
  secondsAhead = 0
  const ready = slots.filter((slot) => slot.state === 'ready')
  for (const slot of ready) {
    const items = [{ fileId: slot.fileId as FileId, disposition: 'inline' as const }]
    const [answer] = (await tested.service.resolveUrls(tested.actor, { items })).items
    if (answer?.status !== 'ok') throw new Error(`a ready file has no URL: ${JSON.stringify(answer)}`)
    expect(new Uint8Array(await (await fetch(answer.url)).arrayBuffer())).toEqual(slot.bytes)
    expect(await studio.findRecord(answer.fileId)).toMatchObject({ sha256: slot.request.sha256 })
  }
}

test('any sequence of steps and crashes ends with every promise kept', { timeout: 180_000 }, async () => {
  let readyInAll = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: MAX_STEPS }), async (steps) => {
      const slots = Array.from({ length: SLOTS }, (_, index) => newSlot(index))
      for (const each of steps) await take(each, slots)
      await expectPromisesKept(slots)
      readyInAll += slots.filter((slot) => slot.state === 'ready').length
      // Nothing beside the ready files, in any of the three places.
      expect(await tested.countRows()).toEqual(readyInAll === 0 ? {} : { ready: readyInAll })
      expect(await tested.listKeys()).toHaveLength(readyInAll)
      expect(await studio.countRecords()).toBe(readyInAll)
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
})
