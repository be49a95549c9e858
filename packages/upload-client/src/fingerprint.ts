/** Recognises a file that is picked again, by what is cheap to know of it: size, time and samples of its content. */
import { createSHA256 } from 'hash-wasm'
import { KIB } from '@studio/contracts/limits'
import { sourceError } from './upload-error.ts'

const SAMPLE_BYTES = 64 * KIB

/** A dropped `File` is one; a `Blob` of Node has no time. */
export type FingerprintSource = Blob & { readonly lastModified?: number }

/**
 * `size-lastModified-sha256`, the digest of the first, middle and last 64 KiB. Equal for the same file at any later time; two files with the
 * same one may still differ between the samples, which uploading in parts notices. Rejects with `SIZE_MISMATCH` when the file cannot be read.
 */
export async function fingerprintOf(source: FingerprintSource): Promise<string> {
  const hash = await createSHA256()
  try {
    for (const start of sampleStarts(source.size)) {
      hash.update(new Uint8Array(await source.slice(start, start + SAMPLE_BYTES).arrayBuffer()))
    }
  } catch (thrown) {
    throw sourceError(thrown)
  }
  return `${source.size}-${source.lastModified ?? 0}-${hash.digest('hex')}`
}

/** Where the samples begin. Those of a small file overlap, which does no harm. */
function sampleStarts(size: number): [number, number, number] {
  const last = Math.max(0, size - SAMPLE_BYTES)
  return [0, Math.floor(last / 2), last]
}
