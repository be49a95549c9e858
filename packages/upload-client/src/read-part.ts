/** Reads a piece of a file once: what is hashed is what will be sent. */
import { MIB } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { BytesSource } from './bytes-source.ts'
import { hashBlob } from './hash-blob.ts'
import type { DigestBytes } from './platform.ts'

/** Larger parts (of files above 156 GiB) are read in slices, twice: no upload holds hundreds of MiB. */
export const HELD_PART_MAX_BYTES = 16 * MIB

export interface ReadPart {
  sha256: string
  /** The bytes with that digest; `undefined` when there are too many to hold. */
  bytes: Uint8Array<ArrayBuffer> | undefined
}

/** Rejects with `SIZE_MISMATCH` when the part yields fewer bytes than it says. */
export async function readPart(
  part: Blob,
  { digestBytes, signal }: { digestBytes: DigestBytes; signal: AbortSignal },
): Promise<ReadPart> {
  if (part.size > HELD_PART_MAX_BYTES) {
    const sha256 = await hashBlob(part, { signal, onProgress: () => undefined })
    return { sha256, bytes: undefined }
  }
  const bytes = part instanceof BytesSource ? await part.bytes() : new Uint8Array(await part.arrayBuffer())
  if (bytes.length !== part.size) throw new StudioError('SIZE_MISMATCH')
  return { sha256: await digestBytes(bytes), bytes }
}
