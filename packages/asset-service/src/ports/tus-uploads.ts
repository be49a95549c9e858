/** Port: how far each tus upload has come, and which request may bring more of it. */
import type { FileId } from '@studio/contracts/file'

/** Bytes behind the last whole part, kept as an object of their own. Sizes and positions in bytes. */
export interface TusSegment {
  /** Of the first byte in the file. */
  start: number
  size: number
  /** Of the request that wrote it. With `start` it names the object, so that no two requests ever write the same one. */
  token: number
}

/** What no crash can take back. */
export interface TusProgress {
  /** What `Upload-Offset` says. */
  receivedBytes: number
  /** SHA-256 of each part that the store holds, 64 lower-case hexadecimal digits, in order. */
  partDigests: string[]
  /** In order, without gaps, from the end of the last whole part to `receivedBytes`. */
  segments: TusSegment[]
}

export interface NewTusUpload {
  fileId: FileId
  isLengthDeferred: boolean
  /** `Upload-Concat` as the client sent it: `partial`, or `final;` and the addresses of its pieces. */
  concat: string | null
  /** `Upload-Metadata` as the client sent it: HEAD answers the same. */
  uploadMetadata: string | null
}

export interface TusUpload extends NewTusUpload, TusProgress {
  /** Of the whole file, where one request brought all of it. */
  sha256: string | null
}

/** A lock that is held. Its token is greater than every earlier holder's. */
export interface TusLock {
  fileId: FileId
  token: number
}

/** What a request adds to the durable state. */
export interface TusAdvance {
  /** As the request knows it: nothing is changed when it is another by now. */
  from: number
  to: number
  /** Of parts that the store has taken meanwhile. */
  newPartDigests: readonly string[]
  segments: readonly TusSegment[]
  sha256?: string | undefined
  /** The life of the upload goes on until then. */
  until: { writableUntil: Date; expiresAt: Date }
}

/** Every method rejects with `REGISTRY_UNAVAILABLE` when the database does not answer, and may be repeated. */
export interface TusUploads {
  /** Notes a new upload whose file row exists; nothing happens when it is noted already. */
  create(upload: NewTusUpload): Promise<void>
  find(fileId: FileId): Promise<TusUpload | undefined>
  /**
   * Takes the lock for some seconds when nobody holds it; `held`: somebody does, and has been asked to let go; `absent`: there
   * is no such upload. Locks end by themselves, so that a process that dies holds up nobody for longer.
   */
  tryLock(fileId: FileId, seconds: number): Promise<TusLock | 'held' | 'absent'>
  /**
   * Lengthens these locks. Resolves to those that are still held, each with whether somebody waits for it: a lock that is not
   * among them is lost.
   */
  renew(locks: readonly TusLock[], seconds: number): Promise<(TusLock & { isReleaseWanted: boolean })[]>
  /** Lets go; done as well when the lock is lost. */
  unlock(lock: TusLock): Promise<void>
  /** `false`, and nothing is changed, when the lock is lost, the offset is another, or the upload has ended. */
  advance(lock: TusLock, advance: TusAdvance): Promise<boolean>
  /**
   * Sets the size that was left open at the beginning, and the space that the project gives for it. Rejects with
   * `QUOTA_EXCEEDED` when there is not enough. `false` when the lock is lost or the upload has ended.
   */
  resize(lock: TusLock, size: number, options: { isFinal: boolean }): Promise<boolean>
  /** Forgets what no upload needs any more at `now`. */
  forgetSettled(now: Date): Promise<void>
}
