/** What is done in each state of an upload, and the event that comes of it. */
import { inlineUploadForm, type BeginUploadInput, type StoredFile } from '@studio/contracts/upload'
import { StudioError } from '@studio/contracts/studio-error'
import { backOffMilliseconds, CALL_BACK_OFF, type Sleep } from './back-off.ts'
import { callWithRetry } from './call-with-retry.ts'
import { hashBlob } from './hash-blob.ts'
import type { SendBytes } from './send-bytes.ts'
import { settleAbort } from './settle-abort.ts'
import type { CallOptions, UploadApi } from './upload-api.ts'
import { judgeAnswer, sourceError } from './upload-error.ts'
import type { StateNamed, UploadEvent, UploadState } from './upload-state.ts'

/** What an upload reaches the world through. */
export interface UploadSurroundings {
  files: UploadApi
  sendBytes: SendBytes
  sleep: Sleep
  random: () => number
}

export interface UploadJob {
  source: Blob
  /** The request to `begin`, but for the checksum. */
  request: Omit<BeginUploadInput, 'sha256'>
  signal: AbortSignal
  onEvent: (event: UploadEvent) => void
}

type RunningName = Exclude<UploadState['name'], 'stored' | 'failed' | 'aborted'>

export type UploadSteps = { [Name in RunningName]: (state: StateNamed<Name>) => Promise<UploadEvent> }

/** The steps of one upload. They reject with a `StudioError`, or with anything once the signal has aborted. */
export function createUploadSteps(surroundings: UploadSurroundings, job: UploadJob): UploadSteps {
  const { files, sendBytes, sleep, random } = surroundings
  const { signal, request } = job
  let { source } = job
  const onProgress = (loaded: number) => job.onEvent({ name: 'progress', loaded })
  const call = <Answer>(operation: (options: CallOptions) => Promise<Answer>) =>
    callWithRetry(operation, { signal, sleep, random })

  return {
    hashing: async ({ transport }) => {
      try {
        // A small file is read once, so that what is sent is what was hashed.
        if (transport === 'inline') source = new Blob([await source.arrayBuffer()])
        return { name: 'hashed', sha256: await hashBlob(source, { signal, onProgress }) }
      } catch (thrown) {
        throw sourceError(thrown)
      }
    },

    beginning: async ({ sha256, round }) => {
      if (round > 1) await sleep(backOffMilliseconds(round - 1, CALL_BACK_OFF, random), signal)
      const begun = await call((options) => files.begin({ ...request, sha256 }, options))
      return begun.state === 'ready'
        ? stored(begun.file)
        : { name: 'begun', fileId: begun.fileId, transport: begun.transport }
    },

    'sending-inline': async ({ sha256 }) =>
      stored(
        await call((options) =>
          files.uploadInline(inlineUploadForm({ ...request, sha256 }, source), options),
        ),
      ),

    sending: async ({ transport: { method, url, headers } }) => {
      try {
        return judgeAnswer(await sendBytes({ method, url, headers, body: source, signal, onProgress }))
      } catch (thrown) {
        await assertReadable(source)
        return { name: 'unanswered', error: new StudioError('STORE_UNAVAILABLE', { cause: thrown }) }
      }
    },

    completing: async ({ fileId }) => {
      try {
        return stored(await call((options) => files.complete({ fileId }, options)))
      } catch (thrown) {
        if (!(thrown instanceof StudioError && thrown.code === 'UPLOAD_INCOMPLETE')) throw thrown
        return { name: 'missing', error: thrown }
      }
    },

    aborting: async ({ fileId, sha256 }) => {
      const file = await settleAbort(files, { fileId, request: { ...request, sha256 } })
      return file === undefined ? { name: 'aborted' } : stored(file)
    },
  }
}

function stored(file: StoredFile): UploadEvent {
  return { name: 'stored', file }
}

/** Browsers report a file that changed under way as a failed network; reading a byte of it tells the two apart. */
async function assertReadable(source: Blob): Promise<void> {
  try {
    await source.slice(0, 1).arrayBuffer()
  } catch (thrown) {
    throw sourceError(thrown)
  }
}
