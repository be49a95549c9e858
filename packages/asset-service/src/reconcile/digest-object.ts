/** Computes what an object's bytes are, in pieces, so that memory stays bounded whatever its size. */
import { createHash } from 'node:crypto'
import { MIB } from '@studio/contracts/limits'
import { compositeSha256 } from '../uploads/assemble-parts.ts'
import { partBytes, planParts } from '../uploads/part-plan.ts'
import type { Ports } from '../ports/ports.ts'

/** Held in memory at once. Ranges in place of one long stream: a slow reader's connection would be closed as idle. */
const PIECE_BYTES = 1 * MIB

export interface ObjectDigests {
  /** Of the whole object. */
  sha256: string
  /** Of its parts as `planParts` cuts them. */
  compositeSha256: string
}

export interface DigestObject {
  key: string
  size: number
  /** Called with each piece's size behind it; what it awaits slows the reading down. */
  onPiece: (bytes: number) => Promise<void>
}

/** `undefined` when the object is not there, or ends before `size`. */
export async function digestObject(
  { store }: Pick<Ports, 'store'>,
  { key, size, onPiece }: DigestObject,
): Promise<ObjectDigests | undefined> {
  const whole = createHash('sha256')
  const partDigests: string[] = []
  const { partCount } = planParts(size)
  let position = 0
  for (let partNumber = 1; partNumber <= partCount; partNumber += 1) {
    const part = createHash('sha256')
    const partEnd = position + partBytes(size, partNumber)
    while (position < partEnd) {
      const end = Math.min(position + PIECE_BYTES, partEnd)
      const piece = await store.readRange(key, { start: position, end: end - 1 })
      if (piece?.byteLength !== end - position) return undefined
      whole.update(piece)
      part.update(piece)
      position = end
      await onPiece(piece.byteLength)
    }
    partDigests.push(part.digest('hex'))
  }
  return { sha256: whole.digest('hex'), compositeSha256: compositeSha256(partDigests) }
}
