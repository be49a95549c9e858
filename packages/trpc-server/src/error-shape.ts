/** How an error of a Studio server looks on the wire: a code from the closed list, words for a person, a request id. */
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { ERROR_CODES, type ErrorCode, type WireError } from '@studio/contracts/error-code'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'

/** tRPC's own refusals that are the caller's doing; everything else it throws by itself is `INTERNAL`. */
const CODE_OF_TRPC_REFUSAL: Partial<Record<TRPCError['code'], ErrorCode>> = {
  PARSE_ERROR: 'VALIDATION_FAILED',
  BAD_REQUEST: 'VALIDATION_FAILED',
  NOT_FOUND: 'VALIDATION_FAILED',
  METHOD_NOT_SUPPORTED: 'VALIDATION_FAILED',
  UNSUPPORTED_MEDIA_TYPE: 'VALIDATION_FAILED',
  PAYLOAD_TOO_LARGE: 'FILE_TOO_LARGE',
  UNAUTHORIZED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
}

function describeIssues(error: ZodError): string {
  return error.issues
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
    .join('; ')
}

/** Finds the `StudioError` behind what tRPC caught. Zod's words are kept only for input: an output that does not fit is ours. */
export function studioErrorOf(error: TRPCError): StudioError {
  const { cause } = error
  if (cause instanceof StudioError) return cause
  if (error.code === 'BAD_REQUEST' && cause instanceof ZodError) {
    return new StudioError('VALIDATION_FAILED', { message: describeIssues(cause), cause })
  }
  const code = CODE_OF_TRPC_REFUSAL[error.code]
  return code === undefined ? toStudioError(cause ?? error) : new StudioError(code, { cause: error })
}

export interface StudioErrorShape {
  message: string
  code: (typeof TRPC_ERROR_CODES_BY_KEY)[keyof typeof TRPC_ERROR_CODES_BY_KEY]
  data: { code: TRPCError['code']; httpStatus: number; studio: WireError }
}

/** For `initTRPC.create({ errorFormatter })`: no stack and no cause leaves the server. */
export function studioErrorShape(error: TRPCError, requestId: string | undefined): StudioErrorShape {
  return wireShape(studioErrorOf(error), requestId)
}

/** The same shape for an error that came up before tRPC was reached. */
export function wireShape({ code, message }: StudioError, requestId: string | undefined): StudioErrorShape {
  const { status, trpc } = ERROR_CODES[code]
  return {
    message,
    code: TRPC_ERROR_CODES_BY_KEY[trpc],
    data: {
      code: trpc,
      httpStatus: status,
      studio: { code, message, ...(requestId === undefined ? {} : { requestId }) },
    },
  }
}
