/** Sizes as people read them. */
import { describe, expect, it } from 'vitest'
import { formatBytes } from './format-bytes.ts'

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [10 * 1024, '10 KB'],
    [1024 * 1024 - 1, '1 MB'],
    [2.44 * 1024 * 1024, '2.4 MB'],
    [9.97 * 1024 * 1024, '10 MB'],
    [5 * 1024 ** 3, '5 GB'],
    [4096 * 1024 ** 4, '4096 TB'],
  ])('shows %d as %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words)
  })
})
