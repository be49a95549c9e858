/** Tells the server that an upload is not wanted any more, so that its space is freed now and not in a day. */
import type { FileId } from '@studio/contracts/file'
import type { BeginUploadInput, StoredFile } from '@studio/contracts/upload'
import { callError } from './upload-error.ts'
import { untilAborted } from './until-aborted.ts'
import type { CallOptions, UploadApi } from './upload-api.ts'

/** Somebody waits for the cancellation; what the server has not heard by then expires there by itself. */
const SETTLE_MILLISECONDS = 5_000

export interface UnwantedUpload {
  /** `undefined` when the call that would have told was cut off. */
  fileId: FileId | undefined
  /** Beginning again with the same key tells the id, or that the file is stored. */
  request: BeginUploadInput
}

/** Ends the upload. Resolves to the stored file when it is too late for that, else to nothing; never rejects. */
export function settleAbort(files: UploadApi, upload: UnwantedUpload): Promise<StoredFile | undefined> {
  return inTime((options) => abortOrFind(files, upload, options))
}

/** Ends an upload that has failed for good. Never rejects. */
export async function releaseUpload(files: UploadApi, fileId: FileId): Promise<void> {
  await inTime((options) => files.abort({ fileId }, options))
}

async function inTime<Answer>(call: (options: CallOptions) => Promise<Answer>): Promise<Answer | undefined> {
  const signal = AbortSignal.timeout(SETTLE_MILLISECONDS)
  try {
    return await untilAborted(call({ signal }), signal)
  } catch {
    return undefined
  }
}

async function abortOrFind(
  files: UploadApi,
  { fileId, request }: UnwantedUpload,
  options: CallOptions,
): Promise<StoredFile | undefined> {
  const begun = fileId === undefined ? await files.begin(request, options) : { state: 'uploading', fileId }
  if ('file' in begun) return begun.file
  try {
    await files.abort({ fileId: begun.fileId }, options)
    return undefined
  } catch (thrown) {
    if (callError(thrown).code !== 'UPLOAD_ALREADY_COMPLETE') throw thrown
    return files.complete({ fileId: begun.fileId }, options)
  }
}
