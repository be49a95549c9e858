/** What the upload client asks of a server: the calls of an upload. A tRPC client's `files` fits by a thin mapping. */
import type {
  AbortedUpload,
  BeginUploadInput,
  BegunUpload,
  CompleteUpload,
  SignedParts,
  SignParts,
  StoredFile,
  UploadedParts,
  UploadReference,
} from '@studio/contracts/upload'

export interface CallOptions {
  signal: AbortSignal
}

/**
 * Every call may be repeated: `begin` and `uploadInline` carry an idempotency key, `complete` and `abort` answer the
 * same again, `signParts` answers new URLs. A refusal is a `StudioError` or carries one as `readWireError` reads it; anything else thrown means that
 * nobody answered.
 */
export interface UploadApi {
  /** Reserves a file id and says where to send the bytes, or that an earlier call with this key has finished already. */
  begin(input: BeginUploadInput, options: CallOptions): Promise<BegunUpload>
  /** Stores a small file in one call. The frame is made by `encodeInlineUpload`. */
  uploadInline(frame: Uint8Array<ArrayBuffer>, options: CallOptions): Promise<StoredFile>
  /** Says where to send parts of a file that goes in parts: each URL takes the bytes with its SHA-256 and no others. */
  signParts(request: SignParts, options: CallOptions): Promise<SignedParts>
  /** The parts that the store has confirmed. */
  listParts(reference: UploadReference, options: CallOptions): Promise<UploadedParts>
  /** Says that the bytes are there. Rejects with `UPLOAD_INCOMPLETE` when they are not. */
  complete(request: CompleteUpload, options: CallOptions): Promise<StoredFile>
  /** Ends an unfinished upload. Rejects with `UPLOAD_ALREADY_COMPLETE` when it is too late for that. */
  abort(reference: UploadReference, options: CallOptions): Promise<AbortedUpload>
}

interface Query<Input, Output> {
  query(input: Input, options: CallOptions): Promise<Output>
}

interface Mutation<Input, Output> {
  mutate(input: Input, options: CallOptions): Promise<Output>
}

/** The part of a tRPC client that uploads need, by its shape alone. */
export interface TrpcUploadRoutes {
  files: {
    begin: Mutation<BeginUploadInput, BegunUpload>
    uploadInline: Mutation<Uint8Array<ArrayBuffer>, StoredFile>
    signParts: Mutation<SignParts, SignedParts>
    listParts: Query<UploadReference, UploadedParts>
    complete: Mutation<CompleteUpload, StoredFile>
    abort: Mutation<UploadReference, AbortedUpload>
  }
}

/** An `UploadApi` of a tRPC client whose router has the `files` procedures of the BFF. */
export function uploadApiFromTrpc({ files }: TrpcUploadRoutes): UploadApi {
  return {
    begin: (input, options) => files.begin.mutate(input, options),
    uploadInline: (frame, options) => files.uploadInline.mutate(frame, options),
    signParts: (request, options) => files.signParts.mutate(request, options),
    listParts: (reference, options) => files.listParts.query(reference, options),
    complete: (request, options) => files.complete.mutate(request, options),
    abort: (reference, options) => files.abort.mutate(reference, options),
  }
}
