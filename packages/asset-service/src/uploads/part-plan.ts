/** How a file is cut into parts. */
import { MIB, PARTS_MAX } from '@studio/contracts/limits'

/**
 * S3 takes parts of 5 MiB to 5 GiB, the last one smaller, and at most 10,000 of them ("Amazon S3 multipart upload limits").
 * 8 MiB keeps a part's hash and its repetition after a failure short, and suffices up to 78 GiB.
 */
const PREFERRED_PART_BYTES = 8 * MIB

export interface PartPlan {
  partSize: number
  partCount: number
}

/** The same plan for the same size, for ever: a resumed upload and its completion compute it again. */
export function planParts(size: number): PartPlan {
  const smallestThatSuffices = Math.ceil(size / PARTS_MAX / MIB) * MIB
  const partSize = Math.max(PREFERRED_PART_BYTES, smallestThatSuffices)
  return { partSize, partCount: Math.max(1, Math.ceil(size / partSize)) }
}

/** Size of one part in bytes; parts are numbered from 1. */
export function partBytes(size: number, partNumber: number): number {
  const { partSize, partCount } = planParts(size)
  return partNumber < partCount ? partSize : size - partSize * (partCount - 1)
}
