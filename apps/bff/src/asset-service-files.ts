/** The file service: the Asset Service, through its typed client and with a token for one person. */
import { createAssetServiceClient, type AssetServiceClient } from '@studio/asset-service/client'
import type { ErrorCode } from '@studio/contracts/error-code'
import { readWireError, StudioError } from '@studio/contracts/studio-error'
import type { ServiceFetch } from '@studio/trpc-server/service-fetch'
import { withDeadline } from '@studio/trpc-server/with-deadline'
import type { FileLifeService, FileService } from './file-service.ts'

/** Above what a slow disk takes for an inline upload, below what a person waits for. */
const TIMEOUT_MS = 30_000

/** Some S3 servers copy all parts of a file when they assemble it. Below what the browser waits for one answer. */
const COMPLETE_TIMEOUT_MS = 110_000

export interface AssetServiceFilesOptions {
  /** Address of the Asset Service. */
  url: string
  fetch: ServiceFetch
}

/** Who asks, as part of which request. */
export interface Asking {
  requestId: string
  /** A service token for the person. */
  token: () => Promise<string>
}

/** The Asset Service through one client for all; each request gets it on behalf of its person. */
export function createAssetServiceFiles(options: AssetServiceFilesOptions): (asking: Asking) => FileService {
  const client = createAssetServiceClient({
    ...options,
    headers: async ({ context }) => {
      const { token, requestId } = context as unknown as Asking
      return { authorization: `Bearer ${await token()}`, 'x-request-id': requestId }
    },
  })
  return (asking) =>
    filesOf(client, (signal, call, milliseconds) => ask(asking, { signal, call, milliseconds }))
}

/** Calls the Asset Service; a call without its own limit has a short one. */
type Ask = <Answer>(
  signal: AbortSignal | undefined,
  call: (options: CallOptions) => Promise<Answer>,
  milliseconds?: number,
) => Promise<Answer>

function filesOf(client: AssetServiceClient, ask: Ask): FileService {
  return {
    begin: (request, signal) => ask(signal, (options) => client.uploads.begin.mutate(request, options)),
    putInline: ({ frame }, signal) =>
      ask(signal, (options) => client.uploads.putInline.mutate(frame, options)),
    signParts: (request, signal) =>
      ask(signal, (options) => client.uploads.signParts.mutate(request, options)),
    listParts: (reference, signal) =>
      ask(signal, (options) => client.uploads.listParts.query(reference, options)),
    listPending: (query, signal) =>
      ask(signal, (options) => client.uploads.listPending.query(query, options)),
    findDuplicates: (query, signal) =>
      ask(signal, (options) => client.uploads.findDuplicates.query(query, options)),
    projectStorage: (reference, signal) =>
      ask(signal, (options) => client.projects.storage.query(reference, options)),
    complete: (request, signal) =>
      ask(signal, (options) => client.uploads.complete.mutate(request, options), COMPLETE_TIMEOUT_MS),
    abort: (reference, signal) => ask(signal, (options) => client.uploads.abort.mutate(reference, options)),
    ...lifeOf(client, ask),
    resolveUrls: async (items, signal) => {
      const answer = await ask(signal, (options) =>
        client.delivery.resolveUrls.query({ items: [...items] }, options),
      )
      return answer.items
    },
  }
}

interface CallOptions {
  signal: AbortSignal
  context: Record<string, unknown>
}

interface Question<Answer> {
  signal: AbortSignal | undefined
  call: (options: CallOptions) => Promise<Answer>
  milliseconds: number | undefined
}

/** What becomes of files that are stored. */
function lifeOf({ files }: AssetServiceClient, ask: Ask): FileLifeService {
  return {
    places: async (request, signal) =>
      (await ask(signal, (options) => files.places.query(request, options))).places,
    trash: async (change, signal) =>
      (await ask(signal, (options) => files.trash.mutate(change, options))).items,
    restore: async (change, signal) =>
      (await ask(signal, (options) => files.restore.mutate(change, options))).items,
    purge: async (change, signal) =>
      (await ask(signal, (options) => files.purge.mutate(change, options))).items,
    listTrash: (request, signal) => ask(signal, (options) => files.listTrash.query(request, options)),
    copy: (request, signal) =>
      ask(signal, (options) => files.copy.mutate(request, options), COMPLETE_TIMEOUT_MS),
    importUrl: (request, signal) =>
      ask(signal, (options) => files.importUrl.mutate(request, options), COMPLETE_TIMEOUT_MS),
    importStatus: (reference, signal) =>
      ask(signal, (options) => files.importStatus.query(reference, options)),
  }
}

async function ask<Answer>(
  asking: Asking,
  { signal, call, milliseconds = TIMEOUT_MS }: Question<Answer>,
): Promise<Answer> {
  try {
    return await withDeadline({ milliseconds, signal }, (limited) =>
      call({ signal: limited, context: { ...asking } }),
    )
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
