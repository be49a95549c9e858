/** Files of random bytes, each with its checksum. */

import { createHash, randomBytes } from 'node:crypto'
import { BytesSource } from '@studio/upload-client/bytes-source'

/** Random bytes might begin like an executable, which is refused: text in front of them begins like nothing. */
const BEGINNING = Buffer.from('studio bench: random bytes follow\n')

export interface MadeFile {
  readonly name: string
  readonly bytes: Buffer
  readonly sha256: string
}

/** A file that is like no other. */
export function makeFile(size: number): MadeFile {
  const bytes = randomBytes(size)
  BEGINNING.copy(bytes)
  return { name: `bench-${bytes.toString('hex', size - 8)}.bin`, bytes, sha256: sha256Of(bytes) }
}

/** So many files of the same size. */
export function makeFiles(count: number, size: number): MadeFile[] {
  return Array.from({ length: count }, () => makeFile(size))
}

/** Hexadecimal, as all of Studio writes it. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A view of the same memory, as a client has it that was given a file. */
export function asBlob({ bytes }: MadeFile): Blob {
  return new BytesSource(
    new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) as Uint8Array<ArrayBuffer>,
  )
}
