/** Sends a file as one body to a server that keeps its place in it (tus 1.0.0, "Core Protocol"): HEAD tells the offset, PATCH goes on from there. */
import { wireErrorSchema, type ErrorCode } from '@studio/contracts/error-code'
import { StudioError } from '@studio/contracts/studio-error'
import { backOffMilliseconds } from './back-off.ts'
import type { Patience } from './patience.ts'
import type { PauseGate } from './pause-gate.ts'
import type { SendBytesAnswer } from './send-bytes.ts'
import { assertReadable, isTemporary, mayPass } from './upload-error.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

/** How often in a row an answer is tried again that is neither progress nor an outage. */
const TRIES = 10

export interface SendTusJob {
  surroundings: UploadSurroundings
  source: Blob
  /** Relative to the server's origin, or absolute. */
  url: string
  gate: PauseGate
  signal: AbortSignal
  patience: Patience
  /** Bytes that the server has or that are on their way. */
  onProgress: (loaded: number) => void
}

/** `missing`: this address leads nowhere any more, so beginning again has to tell what became of the upload. */
export type TusOutcome = { name: 'sent' } | { name: 'missing'; error: StudioError }

type Step =
  | { name: 'offset'; offset: number }
  | { name: 'missing'; error: StudioError }
  /** Try again: `error` says why it went wrong. */
  | { name: 'again'; error: StudioError }
  | { name: 'refused-headers'; error: StudioError }
  | { name: 'held' }

/** Resolves when the server has the last byte. Rejects with a `StudioError` when it refuses or nobody answers for too long. */
export async function sendTus(job: SendTusJob): Promise<TusOutcome> {
  const { source, gate, signal, patience, onProgress } = job
  const { sleep, random, connectivity } = job.surroundings
  let offset: number | undefined
  let [failures, reached, isRefused] = [0, -1, false]
  for (;;) {
    await gate.untilResumed(signal)
    await connectivity.untilOnline(signal)
    const step = await takeStep(job, { offset, isRefused })
    switch (step.name) {
      case 'offset':
        patience.renew()
        offset = step.offset
        if (offset > reached) [reached, failures, isRefused] = [offset, 0, false]
        onProgress(offset)
        if (offset === source.size) return { name: 'sent' }
        continue
      case 'missing':
        return step
      case 'held':
        patience.renew()
        break
      case 'refused-headers':
        if (isRefused) throw step.error
        isRefused = true
        break
      case 'again':
        failures += 1
        if (isTemporary(step.error)) patience.spend(step.error)
        else if (failures >= TRIES) throw step.error
        await sleep(backOffMilliseconds(failures, random), signal)
    }
    offset = undefined
  }
}

interface Position {
  /** `undefined`: the server has to be asked. */
  offset: number | undefined
  /** The headers of the last request were not accepted. */
  isRefused: boolean
}

async function takeStep(job: SendTusJob, { offset, isRefused }: Position): Promise<Step> {
  const { surroundings, source, url, gate, signal, onProgress } = job
  const stop = AbortSignal.any([signal, gate.pausing()])
  const from = offset ?? 0
  let answer: SendBytesAnswer
  try {
    const headers = { 'tus-resumable': '1.0.0', ...(await surroundings.headers({ isRefused })) }
    const place =
      offset === undefined
        ? undefined
        : { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
    answer = await surroundings.sendBytes({
      method: place === undefined ? 'HEAD' : 'PATCH',
      url: absolute(url, surroundings.baseUrl),
      headers: { ...headers, ...place },
      body: place === undefined ? new Blob() : source.slice(from),
      signal: stop,
      onProgress: (loaded) => onProgress(from + loaded),
    })
  } catch (thrown) {
    signal.throwIfAborted()
    if (stop.aborted || !surroundings.connectivity.isOnline()) return { name: 'held' }
    if (thrown instanceof StudioError) throw thrown
    await assertReadable(source.slice(from))
    return { name: 'again', error: new StudioError('STORE_UNAVAILABLE', { cause: thrown }) }
  }
  return judgeTusAnswer(answer, source.size)
}

/** What a tus server's answer to HEAD or PATCH means. */
export function judgeTusAnswer({ status, headers, body }: SendBytesAnswer, size: number): Step {
  const cause = new Error(`The server answered ${status}: ${body}`)
  if (status >= 200 && status < 300) {
    const offset = Number(headers['upload-offset'] ?? Number.NaN)
    if (Number.isInteger(offset) && offset >= 0 && offset <= size) return { name: 'offset', offset }
    return { name: 'again', error: new StudioError('INTERNAL', { cause }) }
  }
  const error = wireError(body, cause)
  if (status === 401)
    return { name: 'refused-headers', error: error ?? new StudioError('UNAUTHENTICATED', { cause }) }
  // tus 1.0.0: 404 and 410 are uploads that exist no more.
  if (status === 404 || status === 410 || error?.code === 'UPLOAD_ALREADY_COMPLETE') {
    return { name: 'missing', error: error ?? new StudioError('UPLOAD_NOT_FOUND', { cause }) }
  }
  const mayBeTaken = status === 409 || status === 423 || status === 429 || status >= 500
  if (error === undefined) {
    if (mayBeTaken) return { name: 'again', error: new StudioError(codeOfStatus(status), { cause }) }
    throw new StudioError('INTERNAL', { cause })
  }
  if (mayPass(error) || PASSING.has(error.code)) return { name: 'again', error }
  throw error
}

/** What the server's own offset, or its patience with whoever holds the upload, will settle. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['OFFSET_MISMATCH', 'UPLOAD_BUSY', 'UPLOAD_INCOMPLETE'])

/** An answer to HEAD has no words. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 409) return 'OFFSET_MISMATCH'
  return status === 423 ? 'UPLOAD_BUSY' : 'STORE_UNAVAILABLE'
}

/** As Studio's servers answer outside tRPC: `{ error: { code, message } }`. */
function wireError(body: string, cause: unknown): StudioError | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined
  const wire = wireErrorSchema.safeParse(answer.error).data
  return wire === undefined ? undefined : new StudioError(wire.code, { message: wire.message, cause })
}

function absolute(url: string, baseUrl: string): string {
  if (baseUrl === '' && !URL.canParse(url)) {
    throw new StudioError('INTERNAL', {
      cause: new Error(`The server named the path ${url}, and this client has no baseUrl`),
    })
  }
  return baseUrl === '' ? url : new URL(url, baseUrl).href
}
