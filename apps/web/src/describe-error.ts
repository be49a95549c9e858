/** Words and a code for whatever was thrown: the BFF's errors, PocketBase's, the upload client's and the network's. */
import { ERROR_CODES, type ErrorCode } from '@studio/contracts/error-code'
import { readWireError, StudioError } from '@studio/contracts/studio-error'
import { TRPCClientError } from '@trpc/client'
import { ClientResponseError } from 'pocketbase'

export interface DescribedError {
  /** `UNREACHABLE`: no server answered, so there is no code of its. */
  code: ErrorCode | 'UNREACHABLE'
  /** One or two sentences, fit for a screen. */
  message: string
  /** The same request may well succeed in a moment. */
  transient: boolean
  requestId: string | undefined
}

const UNREACHABLE_MESSAGE = 'Studio does not answer right now. Check your connection and try again.'
const GONE_MESSAGE = 'This no longer exists, or you may not change it.'

/** Describes a thrown value. */
export function describeError(thrown: unknown): DescribedError {
  const wire = readWireError(thrown)
  if (wire !== undefined) return describe(wire.code, wire.message, wire.requestId)
  if (thrown instanceof StudioError) return describe(thrown.code, thrown.message)
  if (thrown instanceof ClientResponseError) return describePocketBase(thrown)
  // Without a Studio error inside, the answer came from something in between, or there was none.
  if (thrown instanceof TRPCClientError || thrown instanceof TypeError) return unreachable()
  return describe('INTERNAL')
}

function describe(
  code: ErrorCode,
  message: string = ERROR_CODES[code].message,
  requestId?: string,
): DescribedError {
  return { code, message, requestId, transient: ERROR_CODES[code].status === 503 }
}

function unreachable(): DescribedError {
  return { code: 'UNREACHABLE', message: UNREACHABLE_MESSAGE, requestId: undefined, transient: true }
}

function describePocketBase({ status, response }: ClientResponseError): DescribedError {
  if (status === 0 || status === 429 || status >= 500) return describe('RECORDS_UNAVAILABLE')
  if (status === 401) return describe('UNAUTHENTICATED')
  // PocketBase answers 404 for what a rule hides as for what is not there.
  if (status === 403 || status === 404) return describe('FORBIDDEN', GONE_MESSAGE)
  return describe('VALIDATION_FAILED', fieldMessages(response['data']))
}

function fieldMessages(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const messages = Object.values(data).flatMap((field: unknown) => {
    const message =
      typeof field === 'object' && field !== null && 'message' in field ? field.message : undefined
    return typeof message === 'string' ? [message] : []
  })
  return messages.length === 0 ? undefined : messages.join(' ')
}
