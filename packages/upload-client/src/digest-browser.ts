/** SHA-256 in a browser: by the platform where it can, which is some ten times faster than WebAssembly. */
import { hashBlob } from './hash-blob.ts'
import type { DigestBytes } from './platform.ts'

/** `crypto.subtle` exists in secure contexts only (Web Cryptography API, section 10), whatever TypeScript's types say. */
export const digestInBrowser: DigestBytes = async (bytes) => {
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle
  if (subtle === undefined) {
    return hashBlob(new Blob([bytes]), { signal: new AbortController().signal, onProgress: () => undefined })
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
