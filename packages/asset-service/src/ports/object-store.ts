/** Port: where bytes are kept. Keys come from `files/object-key.ts` and from nowhere else. */
import type { UrlSigner } from './url-signer.ts'

/** What a store knows of an object without reading it. Size in bytes. */
export interface ObjectHead {
  size: number
  /** SHA-256 of the whole object, 64 lower-case hexadecimal digits; `undefined` when the store was not told it. */
  sha256: string | undefined
}

export interface PutObject {
  key: string
  bytes: Uint8Array
  mimeType: string
  /** 64 lower-case hexadecimal digits; the store refuses bytes that do not match. */
  sha256: string
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
  endpoint?: ObjectEndpoint
  /** Frees connections. */
  close(): Promise<void>
}
