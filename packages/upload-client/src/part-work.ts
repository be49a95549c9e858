/** What is done to single parts: hash, sign, send; each piece of work ends in an event, or rejects when all is lost. */
import { StudioError } from '@studio/contracts/studio-error'
import { UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import { backOffMilliseconds, PART_BACK_OFF } from './back-off.ts'
import { callWithRetry } from './call-with-retry.ts'
import { hashPart } from './hash-part.ts'
import { partRange, type OpenPart, type PartAt, type PartEvent } from './part-states.ts'
import type { SendBytesAnswer } from './send-bytes.ts'
import type { SendPartsJob } from './send-parts-job.ts'
import type { CallOptions } from './upload-api.ts'
import { assertReadable, judgePartAnswer, mayPass, sourceError } from './upload-error.ts'

/** A URL has to live when its PUT begins. Counted from our request for it, by our own clock, which may be set wrongly. */
const ADDRESS_MILLISECONDS = (UPLOAD_URL_SECONDS - 60) * 1000

export interface PartWorkOptions extends SendPartsJob {
  dispatch: (event: PartEvent) => void
  confirmed: (partNumber: number, sha256: string) => void
  slowDown: () => void
}

export interface PartWork {
  /** Hashes a pending part; one that the store has already is confirmed thereby. */
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
  const { surroundings, source, fileId, plan, gate, signal, dispatch } = options
  const { files, now, sleep, random, connectivity } = surroundings
  /** Parts that wait for their next try. */
  const waiting = new Set<number>()
  /** Parts whose bytes may have arrived without our hearing of it. */
  const doubtful = new Set<number>()
  let isSigning = false
  const call = <Answer>(operation: (options: CallOptions) => Promise<Answer>) =>
    callWithRetry(operation, { ...surroundings, signal })
  const bytesOf = (partNumber: number) => {
    const { start, end } = partRange(plan, partNumber)
    return source.slice(start, end)
  }

  /** Has the store this part? An assembled object has them all: only `complete`, whose answer was lost, is to be repeated. */
  async function listStored(): Promise<(partNumber: number, sha256: string) => boolean> {
    const { assembled = false, parts } = await call((callOptions) => files.listParts({ fileId }, callOptions))
    const digests = new Map(parts.map(({ partNumber, sha256 }) => [partNumber, sha256]))
    return (partNumber, sha256) => assembled || digests.get(partNumber) === sha256
  }
  // Asked for while the first parts are hashed.
  const stored = listStored()
  stored.catch(() => undefined)

  /** Tried again after a while; throws the error when that has been done often enough. */
  async function fail(parts: readonly OpenPart[], error: StudioError): Promise<void> {
    const failures = 1 + Math.max(...parts.map((part) => part.failures))
    if (failures >= PART_BACK_OFF.tries) throw error
    for (const { partNumber } of parts) {
      waiting.add(partNumber)
      dispatch({ name: 'failed', partNumber })
    }
    try {
      await sleep(backOffMilliseconds(failures, PART_BACK_OFF, random), signal)
    } finally {
      for (const { partNumber } of parts) waiting.delete(partNumber)
    }
  }

  async function passOrFail(parts: readonly OpenPart[], thrown: unknown): Promise<void> {
    if (!(thrown instanceof StudioError && mayPass(thrown))) throw thrown
    await fail(parts, thrown)
  }

  async function judge(part: PartAt<'signed'>, answer: SendBytesAnswer): Promise<void> {
    const { partNumber, sha256 } = part
    const verdict = judgePartAnswer(answer)
    switch (verdict.name) {
      case 'confirmed':
        return options.confirmed(partNumber, sha256)
      case 'refused':
        if (part.refused !== undefined) throw verdict.error
        return dispatch({ name: 'refused', partNumber })
      case 'address':
        // The first time, a new address is most likely all that is needed.
        if (part.failures === 0) return dispatch({ name: 'failed', partNumber })
        return fail([part], verdict.error)
      case 'busy':
        options.slowDown()
        return fail([part], verdict.error)
    }
  }

  async function settleUnanswered(part: PartAt<'signed'>, thrown: unknown): Promise<void> {
    const { partNumber } = part
    await assertReadable(bytesOf(partNumber))
    if (!connectivity.isOnline()) return dispatch({ name: 'interrupted', partNumber })
    options.slowDown()
    await fail([part], new StudioError('STORE_UNAVAILABLE', { cause: thrown }))
  }

  /** Nobody answered to the bytes of an earlier try: has the store got them all the same? */
  async function hasArrived({ partNumber, sha256 }: PartAt<'signed'>): Promise<boolean> {
    if (!doubtful.has(partNumber)) return false
    const isStored = await listStored()
    doubtful.delete(partNumber)
    return isStored(partNumber, sha256)
  }

  async function attempt(part: PartAt<'signed'>): Promise<void> {
    const { partNumber, address } = part
    const stop = AbortSignal.any([signal, gate.pausing()])
    let answer: SendBytesAnswer
    try {
      answer = await surroundings.sendBytes({
        method: 'PUT',
        url: address.url,
        headers: address.headers,
        body: bytesOf(partNumber),
        signal: stop,
        onProgress: (loaded) => dispatch({ name: 'progress', partNumber, loaded }),
      })
    } catch (thrown) {
      signal.throwIfAborted()
      doubtful.add(partNumber)
      if (stop.aborted) return dispatch({ name: 'interrupted', partNumber })
      return settleUnanswered(part, thrown)
    }
    await judge(part, answer)
  }

  return {
    isSigning: () => isSigning,
    isIdle: ({ partNumber }) => !waiting.has(partNumber),

    async hash({ partNumber, refused }) {
      dispatch({ name: 'hashing', partNumber })
      const sha256 = await hashPart(bytesOf(partNumber), signal).catch((thrown: unknown) => {
        throw sourceError(thrown)
      })
      if (refused !== undefined && refused !== sha256) {
        throw new StudioError('SIZE_MISMATCH', { message: 'This file changed while it was sent.' })
      }
      dispatch({ name: 'hashed', partNumber, sha256 })
      waiting.add(partNumber)
      const isStored = await stored
      waiting.delete(partNumber)
      if (refused === undefined && isStored(partNumber, sha256)) options.confirmed(partNumber, sha256)
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
      if (isThere) return options.confirmed(partNumber, sha256)
      await attempt(part)
    },
  }
}
