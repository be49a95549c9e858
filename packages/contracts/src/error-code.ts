/** The closed list of error codes: what each means to HTTP, to tRPC and to the person who reads it. */
import { z } from 'zod'

/** Adding a code is one line here and the place that throws it: both servers map from this table. */
export const ERROR_CODES = {
  VALIDATION_FAILED: {
    status: 400,
    trpc: 'BAD_REQUEST',
    message: 'Something in this request is not as it should be.',
  },
  UNAUTHENTICATED: { status: 401, trpc: 'UNAUTHORIZED', message: 'Your session has ended. Sign in again.' },
  ISSUER_UNAVAILABLE: {
    status: 503,
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'Your sign-in cannot be checked right now. Try again shortly.',
  },
  FORBIDDEN: { status: 403, trpc: 'FORBIDDEN', message: 'You may not do this.' },
  PROJECT_NOT_FOUND: {
    status: 404,
    trpc: 'NOT_FOUND',
    message: 'This project does not exist, or you are not in it.',
  },
  CARD_NOT_FOUND: { status: 404, trpc: 'NOT_FOUND', message: 'This card does not exist in the project.' },
  ASSET_NOT_FOUND: { status: 404, trpc: 'NOT_FOUND', message: 'This asset does not exist in the project.' },
  GENERATION_NOT_FOUND: {
    status: 404,
    trpc: 'NOT_FOUND',
    message: 'This generation does not exist in the project.',
  },
  FILE_NOT_FOUND: {
    status: 404,
    trpc: 'NOT_FOUND',
    message: 'This file does not exist, or you may not see it.',
  },
  FILE_NOT_TRASHED: {
    status: 409,
    trpc: 'CONFLICT',
    message: 'Only a file in the trash can be deleted for ever.',
  },
  IMPORT_ADDRESS_REFUSED: {
    status: 400,
    trpc: 'BAD_REQUEST',
    message: 'Files cannot be imported from this address. It has to be a public address of the web.',
  },
  IMPORT_FAILED: {
    status: 502,
    trpc: 'BAD_GATEWAY',
    message: 'This address did not give the file. Check whether it opens in a browser.',
  },
  IMPORT_BUSY: {
    status: 503,
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'Many files are being imported right now. Try again shortly.',
  },
  IMPORT_INTERRUPTED: {
    status: 409,
    trpc: 'CONFLICT',
    message: 'This import was interrupted. Start it again.',
  },
  UPLOAD_NOT_FOUND: {
    status: 404,
    trpc: 'NOT_FOUND',
    message: 'This upload does not exist, or it is not yours.',
  },
  UPLOAD_INCOMPLETE: {
    status: 409,
    trpc: 'CONFLICT',
    message: 'The bytes of this file have not arrived yet. Send them again.',
  },
  UPLOAD_BUSY: {
    status: 423,
    trpc: 'CONFLICT',
    message: 'Another request is sending this file. Try again shortly.',
  },
  OFFSET_MISMATCH: {
    status: 409,
    trpc: 'CONFLICT',
    message: 'This file is to be sent from another place on. Ask where it goes on.',
  },
  UPLOAD_ENDED: {
    status: 409,
    trpc: 'CONFLICT',
    message: 'This upload was cancelled or took too long. Start it again.',
  },
  UPLOAD_ALREADY_COMPLETE: {
    status: 409,
    trpc: 'CONFLICT',
    message: 'This file is already stored and can no longer be cancelled.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    trpc: 'CONFLICT',
    message: 'This request was already used for another file.',
  },
  SIZE_MISMATCH: {
    status: 400,
    trpc: 'BAD_REQUEST',
    message: 'The file is not as large as was said. It may have changed meanwhile.',
  },
  CHECKSUM_MISMATCH: {
    status: 400,
    trpc: 'BAD_REQUEST',
    message: 'The file was damaged on its way. Send it again.',
  },
  CHECKSUM_REQUIRED: {
    status: 400,
    trpc: 'BAD_REQUEST',
    message: 'This file has to be checksummed as a whole before it is sent.',
  },
  PARTS_MISMATCH: {
    status: 400,
    trpc: 'BAD_REQUEST',
    message: 'The parts of this file do not fit together. It may have changed meanwhile.',
  },
  FILE_TOO_LARGE: { status: 413, trpc: 'PAYLOAD_TOO_LARGE', message: 'This file is larger than allowed.' },
  TYPE_NOT_ALLOWED: {
    status: 415,
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Files of this type are not allowed here.',
  },
  FILE_AMBIGUOUS: {
    status: 415,
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'This file is two kinds of file at once, which is not allowed here.',
  },
  QUOTA_EXCEEDED: {
    status: 413,
    trpc: 'PAYLOAD_TOO_LARGE',
    message: 'This project has no room left for this file.',
  },
  URL_EXPIRED: { status: 403, trpc: 'FORBIDDEN', message: 'This link has expired.' },
  URL_INVALID: { status: 403, trpc: 'FORBIDDEN', message: 'This link is not valid.' },
  STORE_UNAVAILABLE: {
    status: 503,
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'File storage does not answer right now. Try again shortly.',
  },
  REGISTRY_UNAVAILABLE: {
    status: 503,
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'The file service does not answer right now. Try again shortly.',
  },
  RECORDS_UNAVAILABLE: {
    status: 503,
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'Studio’s records do not answer right now. Try again shortly.',
  },
  BUSY: {
    status: 503,
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'There is much to store at the moment. Try again shortly.',
  },
  INTERNAL: { status: 500, trpc: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong on our side.' },
} as const satisfies Record<string, { status: number; trpc: string; message: string }>

export type ErrorCode = keyof typeof ERROR_CODES

export const errorCodeSchema = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]])

/** What of an error crosses a wire. `requestId` is what an operator searches the logs for. */
export const wireErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  requestId: z.string().optional(),
})
export type WireError = z.infer<typeof wireErrorSchema>
