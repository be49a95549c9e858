/** What is done in each state of an upload, and the event that comes of it. */
import type { ErrorCode } from '@studio/contracts/error-code'
import { inlineUploadForm, type BeginUploadInput, type StoredFile } from '@studio/contracts/upload'
import { StudioError } from '@studio/contracts/studio-error'
import { backOffMilliseconds, CALL_BACK_OFF } from './back-off.ts'
import { callWithRetry } from './call-with-retry.ts'
import { hashBlob } from './hash-blob.ts'
import type { PauseGate } from './pause-gate.ts'
import { sendParts } from './send-parts.ts'
import { settleAbort } from './settle-abort.ts'
import type { CallOptions } from './upload-api.ts'
import { assertReadable, judgeAnswer, sourceError } from './upload-error.ts'
import type { StateNamed, UploadEvent, UploadState } from './upload-state.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

export interface UploadJob {
  source: Blob
  /** The request to `begin`, but for the checksum. */
  request: Omit<BeginUploadInput, 'sha256'>
  signal: AbortSignal
  gate: PauseGate
  onEvent: (event: UploadEvent) => void
}

type RunningName = Exclude<UploadState['name'], 'stored' | 'failed' | 'aborted'>

export type UploadSteps = { [Name in RunningName]: (state: StateNamed<Name>) => Promise<UploadEvent> }

/** The steps of one upload. They reject with a `StudioError`, or with anything once the signal has aborted. */
export function createUploadSteps(surroundings: UploadSurroundings, job: UploadJob): UploadSteps {
  const { files, sendBytes, sleep, random } = surroundings
  const { signal, request, gate } = job
  let { source } = job
  const onProgress = (loaded: number) => job.onEvent({ name: 'progress', loaded })
  const call = <Answer>(operation: (options: CallOptions) => Promise<Answer>) =>
    callWithRetry(operation, { ...surroundings, signal })

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
      try {
        const begun = await call((options) => files.begin(withChecksum(request, sha256), options))
        return begun.state === 'ready'
          ? stored(begun.file)
          : { name: 'begun', fileId: begun.fileId, transport: begun.transport }
      } catch (thrown) {
        if (!hasCode(thrown, 'CHECKSUM_REQUIRED')) throw thrown
        return { name: 'checksum-required', error: thrown }
      }
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

    'sending-parts': async ({ fileId, size, transport: { partSize, partCount } }) => {
      const plan = { size, partSize, partCount }
      try {
        const partDigests = await sendParts({ surroundings, source, fileId, plan, gate, signal, onProgress })
        return { name: 'parts-sent', partDigests }
      } catch (thrown) {
        // Somebody else has sent and completed it with the same key: beginning again tells the file.
        if (!hasCode(thrown, 'UPLOAD_ALREADY_COMPLETE')) throw thrown
        return { name: 'missing', error: thrown }
      }
    },

    completing: async ({ fileId, partDigests }) => {
      const reference = partDigests === undefined ? { fileId } : { fileId, partDigests }
      try {
        return stored(await call((options) => files.complete(reference, options)))
      } catch (thrown) {
        const isMissing = hasCode(thrown, 'UPLOAD_INCOMPLETE')
        // A part that is not what it was listed as can be sent once more; a whole object cannot.
        const isOther = partDigests !== undefined && hasCode(thrown, 'CHECKSUM_MISMATCH')
        if (!isMissing && !isOther) throw thrown
        return { name: 'missing', error: thrown }
      }
    },

    aborting: async ({ fileId, sha256 }) => {
      const file = await settleAbort(files, { fileId, request: withChecksum(request, sha256) })
      return file === undefined ? { name: 'aborted' } : stored(file)
    },
  }
}

function hasCode(thrown: unknown, code: ErrorCode): thrown is StudioError {
  return thrown instanceof StudioError && thrown.code === code
}

function withChecksum(request: UploadJob['request'], sha256: string | undefined): BeginUploadInput {
  return sha256 === undefined ? request : { ...request, sha256 }
}

function stored(file: StoredFile): UploadEvent {
  return { name: 'stored', file }
}
