/** Turns what calls, stores and blobs answer into errors with a code, and into what follows for the upload. */
import { ERROR_CODES } from '@studio/contracts/error-code'
import { readWireError, StudioError, toStudioError } from '@studio/contracts/studio-error'
import type { SendBytesAnswer, SendBytesRequest } from './send-bytes.ts'
import type { UploadEvent } from './upload-state.ts'

/** The code that a server sent, or `REGISTRY_UNAVAILABLE` with the cause when nobody answered. */
export function callError(thrown: unknown): StudioError {
  if (thrown instanceof StudioError) return thrown
  const wire = readWireError(thrown)
  if (wire !== undefined) return new StudioError(wire.code, { message: wire.message, cause: thrown })
  return new StudioError('REGISTRY_UNAVAILABLE', { cause: thrown })
}

/** Can the same request succeed in a moment? */
export function isTemporary(error: StudioError): boolean {
  return ERROR_CODES[error.code].status === 503
}

/** Is it worth asking again? An `INTERNAL` error may be a crash that the next request does not meet. */
export function mayPass(error: StudioError): boolean {
  return isTemporary(error) || error.code === 'INTERNAL'
}

/** May an upload that failed so go on later? Hours of sending are not thrown away because somebody was signed out. */
export function isResumable(error: StudioError): boolean {
  return mayPass(error) || error.code === 'UNAUTHENTICATED'
}

/** How reading a blob fails whose file was changed, moved or closed to us meanwhile (W3C File API, section 7). */
const UNREADABLE: ReadonlySet<string> = new Set(['NotReadableError', 'NotFoundError', 'SecurityError'])

/** What it means that a blob could not be read. */
export function sourceError(thrown: unknown): StudioError {
  if (!(thrown instanceof DOMException && UNREADABLE.has(thrown.name))) return toStudioError(thrown)
  return new StudioError('SIZE_MISMATCH', {
    message: 'This file can no longer be read. It may have changed meanwhile.',
    cause: thrown,
  })
}

/** The file is not the one whose parts the store has. */
export function changedFile(cause?: unknown): StudioError {
  return new StudioError('SIZE_MISMATCH', { message: 'This file changed since its upload began.', cause })
}

/** Browsers report a file that changed under way as a failed network; reading a byte of it tells the two apart. */
export async function assertReadable(source: SendBytesRequest['body']): Promise<void> {
  if (!(source instanceof Blob)) return
  try {
    await source.slice(0, 1).arrayBuffer()
  } catch (thrown) {
    throw sourceError(thrown)
  }
}

/** S3 answers 400 to a slow sender as well ("Error responses", S3 API reference): those bytes were not wrong. */
const SLOW_SENDER = '<Code>RequestTimeout</Code>'

type Words = Pick<SendBytesAnswer, 'status' | 'body'>

/** What a store's answer to the bytes means. */
export function judgeAnswer({ status, body }: Words): UploadEvent {
  if (status >= 200 && status < 300) return { name: 'sent' }
  const cause = new Error(`The store answered ${status}: ${body}`)
  if (status === 400 && !body.includes(SLOW_SENDER)) {
    return { name: 'failed', error: new StudioError('CHECKSUM_MISMATCH', { cause }) }
  }
  const error = new StudioError('STORE_UNAVAILABLE', { cause })
  // The object is there already: an earlier try arrived without our hearing of it.
  if (status === 412) return { name: 'unanswered', error }
  // 403 is a URL that expired before its use: the next round brings a new one. Anything else is a store in trouble.
  return { name: status === 403 || status === 404 ? 'missing' : 'busy', error }
}

/** `address`: the URL does not work (any more). `busy`: the store could not take the bytes just now. */
export type PartVerdict = { name: 'confirmed' } | { name: 'refused' | 'address' | 'busy'; error: StudioError }

/** What a store's answer to the bytes of one part means. */
export function judgePartAnswer({ status, body }: Words): PartVerdict {
  if (status >= 200 && status < 300) return { name: 'confirmed' }
  const cause = new Error(`The store answered ${status}: ${body}`)
  if (status === 400 && !body.includes(SLOW_SENDER)) {
    return { name: 'refused', error: new StudioError('CHECKSUM_MISMATCH', { cause }) }
  }
  const error = new StudioError('STORE_UNAVAILABLE', { cause })
  // 404 is an upload that the store no longer knows: asked for another URL, the server says what became of it.
  return { name: status === 403 || status === 404 ? 'address' : 'busy', error }
}
