/** SHA-256 of a blob of any size with a few MiB of memory; `crypto.subtle` would want all of it at once. */
import { createSHA256 } from 'hash-wasm'
import { StudioError } from '@studio/contracts/studio-error'

/** Some 10 ms of work at a time, so that a page stays responsive meanwhile. */
const SLICE_BYTES = 2 * 1024 * 1024

export interface HashBlobOptions {
  signal: AbortSignal
  /** Bytes hashed so far. */
  onProgress: (loaded: number) => void
}

/** 64 lower-case hexadecimal digits. Rejects with `SIZE_MISMATCH` when the blob yields fewer bytes than it says. */
export async function hashBlob(source: Blob, { signal, onProgress }: HashBlobOptions): Promise<string> {
  const hash = await createSHA256()
  let loaded = 0
  while (loaded < source.size) {
    signal.throwIfAborted()
    const bytes = new Uint8Array(await source.slice(loaded, loaded + SLICE_BYTES).arrayBuffer())
    if (bytes.length === 0) throw new StudioError('SIZE_MISMATCH')
    hash.update(bytes)
    loaded += bytes.length
    onProgress(loaded)
  }
  return hash.digest('hex')
}
