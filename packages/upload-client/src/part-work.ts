/** What is done to single parts: read, sign, send; each piece of work ends in an event, or rejects when all is lost. */
import { StudioError } from '@studio/contracts/studio-error'
import { UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import { backOffMilliseconds } from './back-off.ts'
import { callWithRetry } from './call-with-retry.ts'
import { partRange, type OpenPart, type PartAt, type PartEvent } from './part-states.ts'
import type { Patience } from './patience.ts'
import { readPart } from './read-part.ts'
import type { SendBytesAnswer } from './send-bytes.ts'
import type { SendPartsJob } from './send-parts-job.ts'
import { createStoredParts } from './stored-parts.ts'
import type { CallOptions } from './upload-api.ts'
import {
  assertReadable,
  changedFile,
  isTemporary,
  judgePartAnswer,
  mayPass,
  sourceError,
} from './upload-error.ts'

/** A URL has to live when its PUT begins. Counted from our request for it, by our own clock, which may be set wrongly. */
const ADDRESS_MILLISECONDS = (UPLOAD_URL_SECONDS - 60) * 1000

/** How often what is no outage is tried: a URL that is refused, a server that trips over this request. */
const TRIES = 10

export interface PartWorkOptions extends SendPartsJob {
  dispatch: (event: PartEvent) => void
  /** `milliseconds`: how long its bytes took, if it was sent. */
  confirmed: (part: { partNumber: number; sha256: string; milliseconds?: number }) => void
  slowDown: () => void
}

export interface PartWork {
  /** Reads and hashes a pending part; one that the store has already is confirmed thereby. */
  hash(part: PartAt<'pending'>): Promise<void>
  /** Gets addresses for hashed parts. */
  sign(parts: readonly PartAt<'hashed'>[]): Promise<void>
  isSigning(): boolean
  /** Sends a signed part. */
  send(part: PartAt<'signed'>): Promise<void>
  /** Not waiting for its next try? */
  isIdle(part: OpenPart): boolean
}

/** The work on the parts of one upload. */
export function createPartWork(options: PartWorkOptions): PartWork {
  const { surroundings, source, fileId, plan, gate, signal, patience, storePatience, dispatch } = options
  const { files, now, sleep, random, connectivity, digestBytes } = surroundings
  /** Parts that wait for their next try. */
  const waiting = new Set<number>()
  /** Parts whose bytes may have arrived without our hearing of it. */
  const doubtful = new Set<number>()
  /** What was read and hashed, until the store has it; as many as parts may be open, see `send-parts.ts`. */
  const held = new Map<number, Uint8Array<ArrayBuffer>>()
  let isSigning = false
  const call = <Answer>(operation: (options: CallOptions) => Promise<Answer>) =>
    callWithRetry(operation, { ...surroundings, signal, gate, patience })
  const storedParts = createStoredParts(options, call)
  const sliceOf = (partNumber: number) => {
    const { start, end } = partRange(plan, partNumber)
    return source.slice(start, end)
  }

  function confirm(part: { partNumber: number; sha256: string; milliseconds?: number }): void {
    held.delete(part.partNumber)
    options.confirmed(part)
  }

  /** Tried again after a while; throws the error when that has been done for long enough. */
  async function fail(parts: readonly OpenPart[], error: StudioError, whose: Patience): Promise<void> {
    const failures = 1 + Math.max(...parts.map((part) => part.failures))
    if (isTemporary(error)) whose.spend(error)
    else if (failures >= TRIES) throw error
    for (const { partNumber } of parts) {
      waiting.add(partNumber)
      dispatch({ name: 'failed', partNumber })
    }
    try {
      await sleep(backOffMilliseconds(failures, random), signal)
    } finally {
      for (const { partNumber } of parts) waiting.delete(partNumber)
    }
  }

  async function passOrFail(parts: readonly OpenPart[], thrown: unknown): Promise<void> {
    if (!(thrown instanceof StudioError && mayPass(thrown))) throw thrown
    await fail(parts, thrown, patience)
  }

  async function judge(
    part: PartAt<'signed'>,
    { answer, startedAt }: { answer: SendBytesAnswer; startedAt: number },
  ): Promise<void> {
    const { partNumber, sha256 } = part
    const verdict = judgePartAnswer(answer)
    switch (verdict.name) {
      case 'confirmed':
        storePatience.renew()
        return confirm({ partNumber, sha256, milliseconds: now() - startedAt })
      case 'refused':
        if (part.refused !== undefined) throw verdict.error
        held.delete(partNumber)
        return dispatch({ name: 'refused', partNumber })
      case 'address':
        if (part.failures + 1 >= TRIES) throw verdict.error
        // The first time, a new address is most likely all that is needed.
        if (part.failures === 0) return dispatch({ name: 'failed', partNumber })
        return fail([part], verdict.error, storePatience)
      case 'busy':
        options.slowDown()
        return fail([part], verdict.error, storePatience)
    }
  }

  async function settleUnanswered(part: PartAt<'signed'>, thrown: unknown): Promise<void> {
    const { partNumber } = part
    await assertReadable(sliceOf(partNumber))
    if (!connectivity.isOnline()) {
      storePatience.renew()
      return dispatch({ name: 'interrupted', partNumber })
    }
    options.slowDown()
    await fail([part], new StudioError('STORE_UNAVAILABLE', { cause: thrown }), storePatience)
  }

  /** Nobody answered to the bytes of an earlier try: has the store got them all the same? */
  async function hasArrived({ partNumber, sha256 }: PartAt<'signed'>): Promise<boolean> {
    if (!doubtful.has(partNumber)) return false
    const stored = await storedParts.now()
    doubtful.delete(partNumber)
    return stored(partNumber, sha256) === 'same'
  }

  async function attempt(part: PartAt<'signed'>): Promise<void> {
    const { partNumber, address } = part
    const stop = AbortSignal.any([signal, gate.pausing()])
    const startedAt = now()
    let answer: SendBytesAnswer
    try {
      answer = await surroundings.sendBytes({
        method: 'PUT',
        url: address.url,
        headers: address.headers,
        body: held.get(partNumber) ?? sliceOf(partNumber),
        signal: stop,
        onProgress: (loaded) => dispatch({ name: 'progress', partNumber, loaded }),
      })
    } catch (thrown) {
      signal.throwIfAborted()
      doubtful.add(partNumber)
      if (!stop.aborted) return settleUnanswered(part, thrown)
      // A pause may last for days: what it interrupts is read again then.
      held.delete(partNumber)
      return dispatch({ name: 'interrupted', partNumber })
    }
    await judge(part, { answer, startedAt })
  }

  return {
    isSigning: () => isSigning,
    isIdle: ({ partNumber }) => !waiting.has(partNumber),

    async hash({ partNumber, refused }) {
      dispatch({ name: 'hashing', partNumber })
      const { sha256, bytes } = await readPart(sliceOf(partNumber), { digestBytes, signal }).catch(
        (thrown: unknown) => {
          throw sourceError(thrown)
        },
      )
      if (refused !== undefined && refused !== sha256) throw changedFile()
      if (bytes !== undefined) held.set(partNumber, bytes)
      waiting.add(partNumber)
      dispatch({ name: 'hashed', partNumber, sha256 })
      const stored = (await storedParts.atFirst)(partNumber, sha256)
      waiting.delete(partNumber)
      if (refused !== undefined || stored === 'absent') return
      if (stored === 'other') throw changedFile()
      confirm({ partNumber, sha256 })
    },

    async sign(parts) {
      isSigning = true
      const receivedAt = now()
      try {
        const wanted = parts.map(({ partNumber, sha256 }) => ({ partNumber, sha256 }))
        const answer = await call((callOptions) => files.signParts({ fileId, parts: wanted }, callOptions))
        for (const { partNumber, url, headers } of answer.parts) {
          dispatch({ name: 'signed', partNumber, address: { url, headers, receivedAt } })
        }
      } catch (thrown) {
        await passOrFail(parts, thrown)
      } finally {
        isSigning = false
      }
    },

    async send(part) {
      const { partNumber, sha256, address } = part
      if (now() - address.receivedAt > ADDRESS_MILLISECONDS) return dispatch({ name: 'stale', partNumber })
      dispatch({ name: 'sending', partNumber })
      let isThere: boolean
      try {
        isThere = await hasArrived(part)
      } catch (thrown) {
        return await passOrFail([part], thrown)
      }
      if (isThere) return confirm({ partNumber, sha256 })
      await attempt(part)
    },
  }
}
