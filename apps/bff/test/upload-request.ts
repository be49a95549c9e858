/** Requests of a browser that has bytes to store. */
import { createHash } from 'node:crypto'
import { encodeInlineUpload } from '@studio/contracts/inline-upload'
import type { BeginUploadInput } from '@studio/contracts/upload'
import { newId } from './people.ts'

/** A begin request for these bytes, with a key of its own. */
export function beginRequest(
  bytes: Uint8Array,
  fields: Partial<BeginUploadInput> & Pick<BeginUploadInput, 'projectId'>,
): BeginUploadInput {
  return {
    idempotencyKey: `key-${newId()}`,
    name: 'note.txt',
    mimeType: 'text/plain',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...fields,
  }
}

/** An inline upload of this text. */
export function noteFrame(
  text: string,
  fields: Partial<BeginUploadInput> & Pick<BeginUploadInput, 'projectId'>,
): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text)
  return encodeInlineUpload(beginRequest(bytes, fields), bytes)
}
