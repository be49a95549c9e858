/** A small file in one call, as one octet stream: four bytes of length (big-endian), the request as JSON in UTF-8, the bytes. */
import { z } from 'zod'
import { KIB } from './limits.ts'
import { beginUploadSchema, type BeginUpload, type BeginUploadInput } from './upload.ts'

/** Names may be long: the longest, with each of its code points escaped in JSON, takes 48 KiB. */
export const INLINE_REQUEST_MAX_BYTES = 64 * KIB

const LENGTH_BYTES = 4

export interface InlineUpload {
  request: BeginUpload
  /** A view of the frame. */
  bytes: Uint8Array
  /** All of it as it arrived, to be passed on. */
  frame: Uint8Array<ArrayBuffer>
}

/** Makes the octet stream that `inlineUploadSchema` reads. */
export function encodeInlineUpload(request: BeginUploadInput, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(request))
  const frame = new Uint8Array(LENGTH_BYTES + json.length + bytes.length)
  new DataView(frame.buffer).setUint32(0, json.length)
  frame.set(json, LENGTH_BYTES)
  frame.set(bytes, LENGTH_BYTES + json.length)
  return frame
}

/** `undefined` for what is no frame. */
function splitFrame(frame: Uint8Array): { json: unknown; bytes: Uint8Array } | undefined {
  if (frame.length < LENGTH_BYTES) return undefined
  const length = new DataView(frame.buffer, frame.byteOffset, LENGTH_BYTES).getUint32(0)
  const end = LENGTH_BYTES + length
  if (length > INLINE_REQUEST_MAX_BYTES || end > frame.length) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(frame.subarray(LENGTH_BYTES, end))
    return { json: JSON.parse(text), bytes: frame.subarray(end) }
  } catch {
    return undefined
  }
}

/** Reads an inline upload without copying its bytes; issues of the request keep their paths. */
export const inlineUploadSchema = z.instanceof(Uint8Array).transform((frame, context): InlineUpload => {
  const split = splitFrame(frame)
  if (split === undefined) {
    context.addIssue({ code: 'custom', message: 'Not an inline upload' })
    return z.NEVER
  }
  const request = beginUploadSchema.safeParse(split.json)
  for (const { message, path } of request.error?.issues ?? []) {
    context.addIssue({ code: 'custom', message, path })
  }
  return request.success ? { request: request.data, bytes: split.bytes, frame } : z.NEVER
})
