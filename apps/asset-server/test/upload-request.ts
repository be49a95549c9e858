/** A small text file and the request that uploads it. */
import { createHash } from 'node:crypto'
import type { TestStudio } from '@studio/asset-service/testing/test-studio'
import type { BeginUpload } from '@studio/contracts/upload'

export interface UploadedFile {
  request: BeginUpload
  bytes: Uint8Array<ArrayBuffer>
}

export function requestOf({ projectId, cardId }: TestStudio, text: string): UploadedFile {
  const bytes = new Uint8Array(new TextEncoder().encode(text))
  const request: BeginUpload = {
    idempotencyKey: crypto.randomUUID(),
    name: `${text}.txt`,
    mimeType: 'text/plain',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    usage: 'attachment',
    projectId,
    cardId,
  }
  return { request, bytes }
}
