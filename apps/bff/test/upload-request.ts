/** Requests of a browser that has bytes to store. */
import { createHash } from 'node:crypto'
import { inlineUploadForm, type BeginUploadInput } from '@studio/contracts/upload'
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

/** The form of an inline upload of this text. */
export function noteForm(
  text: string,
  fields: Partial<BeginUploadInput> & Pick<BeginUploadInput, 'projectId'>,
): FormData {
  const bytes = new TextEncoder().encode(text)
  return inlineUploadForm(beginRequest(bytes, fields), new Blob([bytes]))
}
