/** Uploads files: hash, begin, bytes, complete, with progress and abort; the same code in browsers and Node. */
import { platform } from '#platform'
import { FILE_MAX_BYTES, SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUploadInput, StoredFile } from '@studio/contracts/upload'
import { sleepByTimer } from './back-off.ts'
import { platformConnectivity } from './connectivity.ts'
import { createPauseGate } from './pause-gate.ts'
import { randomKey } from './random-key.ts'
import { runUpload } from './run-upload.ts'
import type { UploadProgress } from './upload-progress.ts'
import type { UploadState } from './upload-state.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

export interface UploadClientOptions extends Partial<UploadSurroundings> {
  files: UploadSurroundings['files']
  /** Up to here a file travels in one call; the runtime configuration says. */
  inlineMaxBytes: number
  /** Larger files are refused before a byte of them is read. */
  fileMaxBytes?: number
}

/** Where in Studio the file belongs, and what it is recognised by. */
export type UploadTarget = Pick<
  BeginUploadInput,
  'projectId' | 'cardId' | 'assetId' | 'generationId' | 'usage' | 'path' | 'fingerprint'
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
  /** Hears why the upload waits for a server that does not answer, and `undefined` when it goes on. */
  onWaiting?: ((reason: StudioError | undefined) => void) | undefined
}

/** An upload that has begun. */
export interface Upload {
  /**
   * Resolves when the server says that the file is stored. Rejects with a `StudioError`, or with an `AbortError` after
   * an abort; an abort that comes too late resolves to the stored file.
   */
  done: Promise<StoredFile>
  /** Stops sending parts at once, anything else after the step that is under way. What the store has confirmed stays. */
  pause(): void
  resume(): void
  abort(): void
}

export interface UploadClient {
  /** Begins an upload that can be paused. */
  createUpload(request: UploadRequest): Upload
  /** `createUpload(request).done`. */
  upload(request: UploadRequest): Promise<StoredFile>
}

const ignore = (): void => undefined
const UNKNOWN_TYPE = 'application/octet-stream'

/** A client that keeps nothing between uploads; as many as you like may run at once. */
export function createUploadClient(options: UploadClientOptions): UploadClient {
  const { inlineMaxBytes, fileMaxBytes = FILE_MAX_BYTES, ...given } = options
  const surroundings = {
    ...platform,
    sleep: sleepByTimer,
    random: Math.random,
    now: () => performance.now(),
    connectivity: platformConnectivity,
    baseUrl: globalThis.location?.origin ?? '',
    headers: () => ({}),
    ...given,
  }

  const createUpload: UploadClient['createUpload'] = (request) => {
    const { source, name, mimeType, target, onProgress = ignore, onWaiting = ignore } = request
    const { size } = source
    const gate = createPauseGate()
    const controller = new AbortController()
    const signals = request.signal === undefined ? [] : [request.signal]
    const run = async () => {
      if (size > fileMaxBytes) throw new StudioError('FILE_TOO_LARGE')
      const signal = AbortSignal.any([controller.signal, ...signals])
      if (signal.aborted) throw new DOMException('The upload was cancelled', 'AbortError')
      const idempotencyKey = request.idempotencyKey ?? randomKey()
      return runUpload({
        surroundings,
        start: startState(size, inlineMaxBytes),
        job: {
          source,
          request: { ...target, idempotencyKey, name, mimeType: mimeType || UNKNOWN_TYPE, size },
          isKeyNew: request.idempotencyKey === undefined,
          signal,
          gate,
          onWaiting,
        },
        onProgress,
      })
    }
    return { done: run(), pause: gate.pause, resume: gate.resume, abort: () => controller.abort() }
  }
  return { createUpload, upload: (request) => createUpload(request).done }
}

/** What goes in one piece is hashed before it begins; of larger files, each part is hashed before it is sent. */
function startState(size: number, inlineMaxBytes: number): UploadState {
  if (size <= inlineMaxBytes) return { name: 'hashing', transport: 'inline', size, loaded: 0 }
  if (size <= SINGLE_PUT_MAX_BYTES) return { name: 'hashing', transport: 'direct', size, loaded: 0 }
  return { name: 'beginning', size, sha256: undefined, round: 1, fileId: undefined }
}
