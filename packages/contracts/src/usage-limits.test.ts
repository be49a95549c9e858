/** Sizes by usage: the largest that is allowed is, one byte more is refused in words. */
import { expect, test } from 'vitest'
import { fileUsageSchema } from './file.ts'
import { GIB, INLINE_MAX_BYTES, MIB } from './limits.ts'
import { requireUsageSize, USAGE_MAX_BYTES } from './usage-limits.ts'

test.each(fileUsageSchema.options)('a file for %s may have its largest size and not a byte more', (usage) => {
  const size = USAGE_MAX_BYTES[usage]
  expect(size).toBeGreaterThanOrEqual(INLINE_MAX_BYTES)
  expect(() => requireUsageSize({ usage, size })).not.toThrow()
  expect(() => requireUsageSize({ usage, size: size + 1 })).toThrow(
    expect.objectContaining({ code: 'FILE_TOO_LARGE' }),
  )
})

test('the refusal says what is allowed, which a way that takes less makes less', () => {
  expect(() => requireUsageSize({ usage: 'avatar', size: 5 * MIB + 1 })).toThrow(
    'This file is larger than allowed: an avatar has at most 5 MiB here.',
  )
  expect(() => requireUsageSize({ usage: 'attachment', size: 100 * GIB }, 78.16 * GIB)).toThrow(
    'a file has at most 78.1 GiB here',
  )
})
