/** The one thing that browsers and Node do differently on the wire: send bytes and count them on the way out. */

export interface SendBytesRequest {
  method: 'PUT' | 'PATCH' | 'HEAD'
  url: string
  /** Exactly these go out; `content-length` and `host` are set by the platform. */
  headers: Record<string, string>
  /** Bytes in memory go out as they are, without a copy; a blob is read as it goes. */
  body: Blob | Uint8Array<ArrayBuffer>
  signal: AbortSignal
  /** Bytes handed to the network so far. */
  onProgress: (loaded: number) => void
}

/** What the server said. `body` is its first few KiB: S3 explains a refusal there. */
export interface SendBytesAnswer {
  status: number
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>
  body: string
}

/** Rejects when no answer came: the network failed, the blob could not be read, or the signal aborted. */
export type SendBytes = (request: SendBytesRequest) => Promise<SendBytesAnswer>

/** How much of an answer is kept. S3's error documents are below 1 KiB. */
export const ANSWER_MAX_CHARACTERS = 4096

/** A connection on which nothing has moved for so long is taken for dead. */
export const STALL_MILLISECONDS = 60_000

/** The length of a body. */
export function bodySize(body: SendBytesRequest['body']): number {
  return body instanceof Blob ? body.size : body.byteLength
}
