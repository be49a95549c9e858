import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import type { StoredFile } from '@studio/contracts/upload'
import { uploadApiFromTrpc, type TrpcUploadRoutes } from '@studio/upload-client/upload-api'
import { createUploadClient } from '@studio/upload-client/upload-client'

/** Resolves when the file is stored. Repeated with the same key, after a crash as well, it goes on where it was. */
export async function uploadFile(
  trpc: TrpcUploadRoutes,
  path: string,
  idempotencyKey: string,
): Promise<StoredFile> {
  const client = createUploadClient({
    files: uploadApiFromTrpc(trpc),
    inlineMaxBytes: 1024 * 1024,
    patienceMilliseconds: 60_000,
  })
  return client.upload({
    source: await openAsBlob(path),
    name: basename(path),
    mimeType: '',
    target: { projectId: 'project00000001' },
    idempotencyKey,
    signal: AbortSignal.timeout(3_600_000),
  })
}
