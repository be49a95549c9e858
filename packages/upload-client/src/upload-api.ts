/** What the upload client asks of a server: the calls of an upload. A tRPC client's `files` fits by a thin mapping. */
import type {
  AbortedUpload,
  BeginUploadInput,
  BegunUpload,
  StoredFile,
  UploadReference,
} from '@studio/contracts/upload'

export interface CallOptions {
  signal: AbortSignal
}

/**
 * Every call may be repeated: `begin` and `uploadInline` carry an idempotency key, `complete` and `abort` answer the
 * same again. A refusal is a `StudioError` or carries one as `readWireError` reads it; anything else thrown means that
 * nobody answered.
 */
export interface UploadApi {
  /** Reserves a file id and says where to send the bytes, or that an earlier call with this key has finished already. */
  begin(input: BeginUploadInput, options: CallOptions): Promise<BegunUpload>
  /** Stores a small file in one call. The form is made by `inlineUploadForm`. */
  uploadInline(form: FormData, options: CallOptions): Promise<StoredFile>
  /** Says that the bytes are there. Rejects with `UPLOAD_INCOMPLETE` when they are not. */
  complete(reference: UploadReference, options: CallOptions): Promise<StoredFile>
  /** Ends an unfinished upload. Rejects with `UPLOAD_ALREADY_COMPLETE` when it is too late for that. */
  abort(reference: UploadReference, options: CallOptions): Promise<AbortedUpload>
}

interface Mutation<Input, Output> {
  mutate(input: Input, options: CallOptions): Promise<Output>
}

/** The part of a tRPC client that uploads need, by its shape alone. */
export interface TrpcUploadRoutes {
  files: {
    begin: Mutation<BeginUploadInput, BegunUpload>
    uploadInline: Mutation<FormData, StoredFile>
    complete: Mutation<UploadReference, StoredFile>
    abort: Mutation<UploadReference, AbortedUpload>
  }
}

/** An `UploadApi` of a tRPC client whose router has the `files` procedures of the BFF. */
export function uploadApiFromTrpc({ files }: TrpcUploadRoutes): UploadApi {
  return {
    begin: (input, options) => files.begin.mutate(input, options),
    uploadInline: (form, options) => files.uploadInline.mutate(form, options),
    complete: (reference, options) => files.complete.mutate(reference, options),
    abort: (reference, options) => files.abort.mutate(reference, options),
  }
}
