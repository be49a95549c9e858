/** Port: where bytes are kept. Keys come from `files/object-key.ts` and from nowhere else. */
import type { ObjectListing } from './object-listing.ts'
import type { SignedPut, UrlSigner } from './url-signer.ts'

/** What a store knows of an object without reading it. Size in bytes. */
export interface ObjectHead {
  size: number
  /** SHA-256 of the whole object, 64 lower-case hexadecimal digits; `undefined` when the store was not told it. */
  sha256: string | undefined
  /** For an object from parts: SHA-256 over the parts' SHA-256 with `-<parts>` behind it, in lower-case hexadecimal. */
  compositeSha256?: string | undefined
}

/** A part that the store holds. Size in bytes; SHA-256 as 64 lower-case hexadecimal digits. */
export interface UploadedPart {
  partNumber: number
  size: number
  sha256: string
  etag: string
}

export interface MultipartReference {
  key: string
  multipartId: string
}

export interface SignPart extends MultipartReference {
  partNumber: number
  /** Exact size in bytes. */
  size: number
  /** 64 lower-case hexadecimal digits; the store refuses other bytes. */
  sha256: string
  expiresInSeconds: number
}

export interface PutPart extends MultipartReference {
  partNumber: number
  bytes: Uint8Array
  /** 64 lower-case hexadecimal digits; the store refuses bytes that do not match. */
  sha256: string
}

/**
 * Multipart uploads, for stores that have them. Each part is checked against its SHA-256 by the store itself.
 * Every method rejects with `STORE_UNAVAILABLE` when the store does not answer.
 */
export interface MultipartObjectStore {
  /** Begins a multipart upload. Repeated, it begins another: `abortAll` finds those that nobody remembers. */
  create(options: { key: string; mimeType: string }): Promise<string>
  /**
   * Sends one part; a part of the same number gives way to it. `undefined` when there is no such multipart upload (any more).
   * Rejects with `CHECKSUM_MISMATCH` when the bytes are not those of `sha256`.
   */
  putPart(part: PutPart): Promise<UploadedPart | undefined>
  /** The parts the store holds, in order; `undefined` when there is no such multipart upload (any more). */
  listParts(reference: MultipartReference): Promise<UploadedPart[] | undefined>
  /** Assembles the object. `false` when there is no such multipart upload: look whether the object is there. */
  assemble(reference: MultipartReference, parts: readonly UploadedPart[]): Promise<boolean>
  /** Ends every multipart upload of exactly this key and frees their parts; done as well when there is none. */
  abortAll(key: string): Promise<void>
  /** Ends one multipart upload and frees its parts; done as well when there is no such (any more). */
  abort(reference: MultipartReference): Promise<void>
  /** A URL that takes one part. Signing computes, it asks nobody. */
  signPart(options: SignPart): SignedPut
}

export interface PutObject {
  key: string
  bytes: Uint8Array
  mimeType: string
  /** 64 lower-case hexadecimal digits; the store refuses bytes that do not match. */
  sha256: string
}

/** Keys of an object that is there and of the one that it is copied to. */
export interface CopyObject {
  from: string
  to: string
  /** In bytes. */
  size: number
}

/** Bytes `start` up to and including `end`, as in RFC 9110, section 14.1.2. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Every method rejects with `STORE_UNAVAILABLE` when the store does not answer, with the vendor's error as cause.
 * Every method may be repeated.
 */
export interface ObjectStore {
  /** Creates the bucket (or directory) and its CORS rules for these web origins; harmless when they are there. */
  prepare(options: { allowedOrigins: readonly string[] }): Promise<void>
  /** Does the store hand an object to someone without credentials, or list the bucket for them? Tried, not looked up. */
  allowsAnonymousAccess(): Promise<boolean>
  /** Stores an object, whole or not at all. Rejects with `CHECKSUM_MISMATCH` when the bytes are not those of `sha256`. */
  put(object: PutObject): Promise<void>
  /** `undefined` when there is no such object. */
  head(key: string): Promise<ObjectHead | undefined>
  /** Reads part of an object into memory; shorter than asked for at its end; `undefined` when there is no such object. */
  readRange(key: string, range: ByteRange): Promise<Uint8Array | undefined>
  /**
   * Copies an object inside the store: the copy is there whole or not at all, with the SHA-256 of the whole where the store
   * tells it of a copy this large. `false` when there is no such object.
   */
  copy(objects: CopyObject): Promise<boolean>
  /** Deletes an object; done as well when there is none. */
  delete(key: string): Promise<void>
  /** Is the store there? Rejects with `STORE_UNAVAILABLE` when not. */
  ping(): Promise<void>
}

/** Bytes that a client sends to or gets from the Asset Service itself, for stores that have no HTTP address of their own. */
export interface ObjectEndpoint {
  /** Path prefix the endpoint answers under, beginning with a slash. */
  readonly prefix: string
  /** Answers one request; the URL's own signature is its authorisation. */
  handle(request: Request): Promise<Response>
}

/** A store with its signer. `endpoint` is there only when the Asset Service has to serve the store's URLs. */
export interface OpenedObjectStore {
  store: ObjectStore
  signer: UrlSigner
  /** There when the store has multipart uploads; without it every file goes in one piece. */
  multipart?: MultipartObjectStore
  /** There when what the store holds can be listed; without it nothing can be reconciled. */
  listing?: ObjectListing
  endpoint?: ObjectEndpoint
  /** Frees connections. */
  close(): Promise<void>
}
