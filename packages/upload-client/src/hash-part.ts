/** SHA-256 of one part: by the platform where it can, which is some ten times faster than WebAssembly. */
import { MIB } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { hashBlob } from './hash-blob.ts'

/** `crypto.subtle` wants all of the bytes at once; parts above this (of files above 300 GiB) are read in slices. */
const AT_ONCE_MAX_BYTES = 32 * MIB

/** Rejects with `SIZE_MISMATCH` when the part yields fewer bytes than it says. */
export async function hashPart(part: Blob, signal: AbortSignal): Promise<string> {
  // Web Cryptography API, section 10: only in secure contexts, whatever TypeScript's types say.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle
  if (subtle === undefined || part.size > AT_ONCE_MAX_BYTES) {
    return hashBlob(part, { signal, onProgress: () => undefined })
  }
  const bytes = await part.arrayBuffer()
  if (bytes.byteLength !== part.size) throw new StudioError('SIZE_MISMATCH')
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
