/** The one error class: a code from the closed list, words for a person, and the cause for the logs. */
import { ERROR_CODES, wireErrorSchema, type ErrorCode, type WireError } from './error-code.ts'

export interface StudioErrorOptions {
  /** What went wrong underneath; kept for logs, never sent. */
  cause?: unknown
  /** Words for the person instead of the code's own, when more can be said. */
  message?: string
}

/** An error with a code from the closed list. `message` is fit for a screen; `cause` is for the log. */
export class StudioError extends Error {
  override readonly name = 'StudioError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, options: StudioErrorOptions = {}) {
    super(options.message ?? ERROR_CODES[code].message, { cause: options.cause })
    this.code = code
  }
}

/** Turns whatever was thrown into a `StudioError`; what is not one of ours becomes `INTERNAL` with the cause kept. */
export function toStudioError(thrown: unknown): StudioError {
  if (thrown instanceof StudioError) return thrown
  if (thrown instanceof Error && thrown.cause instanceof StudioError) return thrown.cause
  return new StudioError('INTERNAL', { cause: thrown })
}

/** Reads the error that a Studio server put into a tRPC answer's `data.studio`; `undefined` when there is none. */
export function readWireError(thrown: unknown): WireError | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('data' in thrown)) return undefined
  const { data } = thrown
  if (typeof data !== 'object' || data === null || !('studio' in data)) return undefined
  return wireErrorSchema.safeParse(data.studio).data
}
