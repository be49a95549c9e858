/** A file on its way into a queue. */
import type { FileHandle } from '../pending/pending-upload.ts'
import type { UploadTarget } from '../upload-client.ts'
import type { UploadItem } from './upload-item.ts'

export interface QueuedFile {
  /** A dropped or picked `File`, or `await fs.openAsBlob(path)` in Node. */
  source: Blob & { readonly lastModified?: number }
  name: string
  /** Folders above it, without slashes at either end; empty when it came alone. */
  path?: string
  /** Finds it again when the page was reloaded, at any size. */
  handle?: FileHandle | undefined
}

/** Where files go, and what to call that place. */
export interface QueuePlace {
  target: UploadTarget
  /** In words: "Northern Lights · Moodboard". */
  place: string
}

/** An upload that has yet to begin. */
export function queuedItem({ target, place }: QueuePlace, file: QueuedFile): UploadItem {
  return {
    id: randomKey(),
    target,
    place,
    name: file.name,
    size: file.source.size,
    mimeType: file.source.type,
    path: file.path ?? '',
    phase: 'queued',
    stage: 'hashing',
    loaded: 0,
    speed: null,
    idempotencyKey: randomKey(),
    need: null,
    stalled: null,
    offer: null,
    continuedFrom: null,
    error: null,
    retryable: false,
    goesOn: false,
    safe: false,
    fromElsewhere: false,
    fileId: null,
    record: null,
  }
}

/** 128 random bits. Not `randomUUID`, which browsers offer to secure contexts only. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
