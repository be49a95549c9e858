/** Port: makes short-lived URLs with which a client reads or writes one object and nothing else. */

export interface SignedUrl {
  url: string
  expiresAt: Date
}

export interface SignGet {
  key: string
  expiresInSeconds: number
  /** `Content-Type` of the answer. */
  mimeType: string
  /** `Content-Disposition` of the answer, complete (RFC 6266). */
  contentDisposition: string
  /** `Cache-Control` of the answer. */
  cacheControl: string
}

export interface SignPut {
  key: string
  expiresInSeconds: number
  mimeType: string
  /** Exact size in bytes: another length is refused by the store. */
  size: number
  /** 64 lower-case hexadecimal digits: other bytes are refused by the store. */
  sha256: string
}

/** A signed PUT: the client sends exactly these headers with the bytes. `content-length` is sent by every client itself. */
export interface SignedPut extends SignedUrl {
  headers: Record<string, string>
}

/** Signing computes, it asks nobody; a signed URL says nothing about whether the object exists. */
export interface UrlSigner {
  signGet(options: SignGet): SignedUrl
  signPut(options: SignPut): SignedPut
}
