/** The file service: the Asset Service, through its typed client and with a token for one person. */
import { createAssetServiceClient } from '@studio/asset-service/client'
import type { ErrorCode } from '@studio/contracts/error-code'
import { readWireError, StudioError } from '@studio/contracts/studio-error'
import { inlineUploadForm } from '@studio/contracts/upload'
import type { FileService } from './file-service.ts'

/** Above what a slow disk takes for an inline upload, below what a person waits for. */
const TIMEOUT_MS = 30_000

/** Some S3 servers copy all parts of a file when they assemble it. Below what the browser waits for one answer. */
const COMPLETE_TIMEOUT_MS = 110_000

export interface AssetServiceFilesOptions {
  /** Address of the Asset Service. */
  url: string
  requestId: string
  /** A service token for the person. */
  token: () => Promise<string>
}

/** The Asset Service, asked on behalf of one person as part of one request. */
export function createAssetServiceFiles({ url, requestId, token }: AssetServiceFilesOptions): FileService {
  const client = createAssetServiceClient({
    url,
    headers: async () => ({ authorization: `Bearer ${await token()}`, 'x-request-id': requestId }),
  })
  return {
    begin: (request, signal) => ask(signal, (options) => client.uploads.begin.mutate(request, options)),
    putInline: ({ request, bytes }, signal) =>
      ask(signal, (options) => client.uploads.putInline.mutate(inlineUploadForm(request, bytes), options)),
    signParts: (request, signal) =>
      ask(signal, (options) => client.uploads.signParts.mutate(request, options)),
    listParts: (reference, signal) =>
      ask(signal, (options) => client.uploads.listParts.query(reference, options)),
    complete: (request, signal) =>
      ask(signal, (options) => client.uploads.complete.mutate(request, options), COMPLETE_TIMEOUT_MS),
    abort: (reference, signal) => ask(signal, (options) => client.uploads.abort.mutate(reference, options)),
    resolveUrls: async (items, signal) => {
      const answer = await ask(signal, (options) =>
        client.delivery.resolveUrls.query({ items: [...items] }, options),
      )
      return answer.items
    },
  }
}

async function ask<Answer>(
  signal: AbortSignal | undefined,
  call: (options: { signal: AbortSignal }) => Promise<Answer>,
  milliseconds = TIMEOUT_MS,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(milliseconds)
  try {
    return await call({ signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) })
  } catch (error) {
    throw readFileServiceError(error)
  }
}

/** The Asset Service's refusal of our token is our fault, not the end of the person's session. */
const OUR_FAULT: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'FORBIDDEN'])

/** What the Asset Service said, in its own code and words; what it did not say at all is that it does not answer. */
export function readFileServiceError(thrown: unknown): StudioError {
  const wireError = readWireError(thrown)
  if (wireError === undefined) return new StudioError('REGISTRY_UNAVAILABLE', { cause: thrown })
  if (OUR_FAULT.has(wireError.code)) return new StudioError('INTERNAL', { cause: thrown })
  return new StudioError(wireError.code, { message: wireError.message, cause: thrown })
}
