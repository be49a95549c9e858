/** Uploads that the server knows to be unfinished, wherever they were begun. */
import { SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import type { PendingUpload as ServersPendingUpload } from '@studio/contracts/pending-upload'
import type { AppRouter } from '@studio/bff/router'
import type { PendingUpload } from '@studio/upload-client/pending/pending-upload'
import type { TRPCClient } from '@trpc/client'

type Files = TRPCClient<AppRouter>['files']

/** Younger ones most likely still run where they were begun. */
const LEFT_ALONE_MILLISECONDS = 2 * 60_000

async function* pendingUploads(files: Files): AsyncGenerator<ServersPendingUpload> {
  let cursor: string | undefined
  do {
    const page = await files.pending.query(cursor === undefined ? {} : { cursor })
    yield* page.uploads
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}

/** Those that are worth going on with here: of what goes in one piece, nothing would be saved. */
export async function findUnfinished(files: Files, now: number): Promise<PendingUpload[]> {
  const found: PendingUpload[] = []
  for await (const upload of pendingUploads(files)) {
    const isLeft = now - Date.parse(upload.begunAt) > LEFT_ALONE_MILLISECONDS
    if (isLeft && upload.request.size > SINGLE_PUT_MAX_BYTES) found.push(fromServer(upload))
  }
  return found
}

function fromServer({ fileId, request }: ServersPendingUpload): PendingUpload {
  const { idempotencyKey, name, mimeType, size, fingerprint, path = '' } = request
  const { projectId, cardId, assetId, generationId, usage } = request
  const target = {
    projectId,
    usage,
    ...(cardId === undefined ? {} : { cardId }),
    ...(assetId === undefined ? {} : { assetId }),
    ...(generationId === undefined ? {} : { generationId }),
  }
  return {
    id: fileId,
    target,
    place: '',
    name,
    size,
    mimeType,
    path,
    idempotencyKey,
    // As `fingerprintOf` writes it.
    fingerprint: fingerprint ? `${size}-${fingerprint.lastModified ?? 0}-${fingerprint.sample}` : null,
    held: false,
    source: { kind: 'none' },
  }
}

/** Frees what an upload of this key takes up there. Does nothing when there is none. */
export async function discardUnfinished(files: Files, idempotencyKey: string): Promise<void> {
  for await (const { fileId, request } of pendingUploads(files)) {
    if (request.idempotencyKey !== idempotencyKey) continue
    await files.abort.mutate({ fileId })
    return
  }
}
