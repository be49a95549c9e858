/** Part plans stay within S3's limits at every size. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FILE_MAX_BYTES, GIB, MIB, PARTS_MAX, SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import { partBytes, planParts } from './part-plan.ts'

const size = fc.oneof(
  fc.integer({ min: SINGLE_PUT_MAX_BYTES + 1, max: 1 * GIB }),
  fc
    .maxSafeInteger()
    .map((n) => (Math.abs(n) % (FILE_MAX_BYTES - SINGLE_PUT_MAX_BYTES)) + SINGLE_PUT_MAX_BYTES + 1),
  fc.constant(FILE_MAX_BYTES),
)

test('every plan has 1 to 10,000 parts of 5 MiB to 5 GiB, which add up to the file', () => {
  fc.assert(
    fc.property(size, (bytes) => {
      const { partSize, partCount } = planParts(bytes)
      expect(partCount).toBeLessThanOrEqual(PARTS_MAX)
      expect(partSize).toBeGreaterThanOrEqual(5 * MIB)
      expect(partSize).toBeLessThanOrEqual(5 * GIB)
      const last = partBytes(bytes, partCount)
      expect(last).toBeGreaterThan(0)
      expect(last).toBeLessThanOrEqual(partSize)
      expect(partSize * (partCount - 1) + last).toBe(bytes)
    }),
  )
})

test('the largest file is planned within the limits', () => {
  expect(planParts(FILE_MAX_BYTES)).toEqual({ partSize: 525 * MIB, partCount: 9987 })
})
