/** What is done in each state of an upload, and the event that comes of it. */
import type { ErrorCode } from '@studio/contracts/error-code'
import { encodeInlineUpload } from '@studio/contracts/inline-upload'
import type { BeginUploadInput, StoredFile } from '@studio/contracts/upload'
import { StudioError } from '@studio/contracts/studio-error'
import { SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import { backOffMilliseconds } from './back-off.ts'
import { callWithRetry } from './call-with-retry.ts'
import { hashBlob } from './hash-blob.ts'
import { createPatience } from './patience.ts'
import type { PauseGate } from './pause-gate.ts'
import { readPart } from './read-part.ts'
import { sendParts } from './send-parts.ts'
import { sendTus } from './send-tus.ts'
import { settleAbort } from './settle-abort.ts'
import type { CallOptions } from './upload-api.ts'
import { assertReadable, judgeAnswer, sourceError } from './upload-error.ts'
import type { StateNamed, UploadEvent, UploadState } from './upload-state.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

export interface UploadJob {
  source: Blob
  /** The request to `begin`, but for the checksum. */
  request: Omit<BeginUploadInput, 'sha256'>
  /** The key was made for this upload: nobody else can have sent anything with it. */
  isKeyNew: boolean
  signal: AbortSignal
  gate: PauseGate
  onEvent: (event: UploadEvent) => void
  /** Hears why there is a wait for a server or the store, and `undefined` when it is over. */
  onWaiting: (reason: StudioError | undefined) => void
}

type RunningName = Exclude<UploadState['name'], 'stored' | 'failed' | 'aborted'>

export type UploadSteps = { [Name in RunningName]: (state: StateNamed<Name>) => Promise<UploadEvent> }

/** The steps of one upload. They reject with a `StudioError`, or with anything once the signal has aborted. */
export function createUploadSteps(surroundings: UploadSurroundings, job: UploadJob): UploadSteps {
  const { files, sendBytes, digestBytes, sleep, random, connectivity } = surroundings
  const { source, signal, request, gate, onWaiting } = job
  const patience = createPatience({ ...surroundings, onWaiting })
  const storePatience = createPatience({ ...surroundings, onWaiting })
  /** How often in a row the store could not take the bytes. */
  let storeFailures = 0
  /** A file that goes in one piece is read once, so that what is sent is what was hashed. */
  let piece: Uint8Array<ArrayBuffer> | undefined
  const onProgress = (loaded: number) => job.onEvent({ name: 'progress', loaded })
  const call = <Answer>(operation: (options: CallOptions) => Promise<Answer>) =>
    callWithRetry(operation, { ...surroundings, signal, gate, patience })

  function countStoreFailure(error: StudioError): void {
    storeFailures += 1
    if (connectivity.isOnline()) storePatience.spend(error)
    else storePatience.renew()
  }

  return {
    hashing: async ({ size }) => {
      try {
        if (size > SINGLE_PUT_MAX_BYTES) {
          return { name: 'hashed', sha256: await hashBlob(source, { signal, onProgress }) }
        }
        const { sha256, bytes } = await readPart(source, { digestBytes, signal })
        piece = bytes
        onProgress(size)
        return { name: 'hashed', sha256 }
      } catch (thrown) {
        throw sourceError(thrown)
      }
    },

    beginning: async ({ sha256, round }) => {
      const failures = Math.max(round - 1, storeFailures)
      if (failures > 0) await sleep(backOffMilliseconds(failures, random), signal)
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
          files.uploadInline(encodeInlineUpload({ ...request, sha256 }, piece ?? new Uint8Array()), options),
        ),
      ),

    sending: async ({ transport: { method, url, headers } }) => {
      const body = piece ?? source
      let event: UploadEvent
      try {
        event = judgeAnswer(await sendBytes({ method, url, headers, body, signal, onProgress }))
      } catch (thrown) {
        await assertReadable(body)
        event = { name: 'unanswered', error: new StudioError('STORE_UNAVAILABLE', { cause: thrown }) }
      }
      if (event.name === 'unanswered' || event.name === 'busy') countStoreFailure(event.error)
      if (event.name === 'sent') storePatience.renew()
      return event
    },

    'sending-parts': async ({ fileId, size, round, transport: { partSize, partCount } }) => {
      const plan = { size, partSize, partCount }
      const isNew = job.isKeyNew && round === 1
      const how = { gate, signal, patience, storePatience, onProgress }
      try {
        const partDigests = await sendParts({ ...how, surroundings, source, fileId, plan, isNew })
        return { name: 'parts-sent', partDigests }
      } catch (thrown) {
        // Somebody else has sent and completed it with the same key: beginning again tells the file.
        if (!hasCode(thrown, 'UPLOAD_ALREADY_COMPLETE')) throw thrown
        return { name: 'missing', error: thrown }
      }
    },

    'sending-tus': ({ transport: { url } }) =>
      sendTus({ surroundings, source, url, gate, signal, patience: storePatience, onProgress }),

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
