/** Uploads files: hash, begin, bytes, complete, with progress and abort; the same code in browsers and Node. */
import { sendBytes } from '#send-bytes'
import { FILE_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUploadInput, StoredFile } from '@studio/contracts/upload'
import { sleepByTimer } from './back-off.ts'
import { runUpload } from './run-upload.ts'
import type { UploadProgress } from './upload-progress.ts'
import type { UploadSurroundings } from './upload-steps.ts'

export interface UploadClientOptions extends Partial<UploadSurroundings> {
  files: UploadSurroundings['files']
  /** Up to here a file travels in one call; the runtime configuration says. */
  inlineMaxBytes: number
  /** Larger files are refused before a byte of them is read. */
  fileMaxBytes?: number
}

/** Where in Studio the file belongs. */
export type UploadTarget = Pick<
  BeginUploadInput,
  'projectId' | 'cardId' | 'assetId' | 'generationId' | 'usage'
>

export interface UploadRequest {
  /** A `File` that was dropped, or `await fs.openAsBlob(path)` in Node: read in slices, never as a whole. */
  source: Blob
  name: string
  /** As the platform believes it to be; empty when it does not know. */
  mimeType: string
  target: UploadTarget
  /** Makes repeating the upload harmless from call to call; random when absent. */
  idempotencyKey?: string | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: UploadProgress) => void) | undefined
}

export interface UploadClient {
  /**
   * Resolves when the server says that the file is stored. Rejects with a `StudioError`, or with an `AbortError` after
   * the signal aborted; an abort that comes too late resolves to the stored file.
   */
  upload(request: UploadRequest): Promise<StoredFile>
}

const UNKNOWN_TYPE = 'application/octet-stream'

/** A client that keeps nothing between uploads; as many as you like may run at once. */
export function createUploadClient(options: UploadClientOptions): UploadClient {
  const { inlineMaxBytes, fileMaxBytes = FILE_MAX_BYTES, ...given } = options
  const surroundings = { sendBytes, sleep: sleepByTimer, random: Math.random, ...given }
  return {
    upload: async ({ source, name, mimeType, target, ...rest }) => {
      const { size } = source
      if (size > fileMaxBytes) throw new StudioError('FILE_TOO_LARGE')
      const idempotencyKey = rest.idempotencyKey ?? randomKey()
      return runUpload({
        surroundings,
        start: {
          name: 'hashing',
          transport: size <= inlineMaxBytes ? 'inline' : 'direct',
          size,
          loaded: 0,
        },
        job: {
          source,
          request: { ...target, idempotencyKey, name, mimeType: mimeType || UNKNOWN_TYPE, size },
          signal: rest.signal ?? new AbortController().signal,
        },
        onProgress: rest.onProgress ?? (() => undefined),
      })
    },
  }
}

/** 128 random bits. Not `randomUUID`, which browsers offer to secure contexts only. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
