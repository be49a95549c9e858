/** What names and types the contract accepts. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileNameSchema, folderPathSchema, mimeTypeSchema } from './file.ts'

describe('a file name', () => {
  test('may be any Unicode that is not a path, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (name) => {
        const isPath = /[/\\\p{Cc}]/u.test(name) || name === '.' || name === '..'
        const parsed = fileNameSchema.safeParse(name)
        expect(parsed.success).toBe(!isPath)
        if (parsed.success) expect(parsed.data).toBe(name)
      }),
    )
  })
})

describe('the path of a folder', () => {
  test.each(['shots', 'shots/day 1', '最終版/🎬', 'a'.repeat(1024), 'a..b/...'])(
    '%j stays as it is',
    (path) => {
      expect(folderPathSchema.parse(path)).toBe(path)
    },
  )
  test.each([
    '',
    '/',
    '/etc',
    'a/',
    'a//b',
    '..',
    'a/../b',
    './a',
    'a\\b',
    'a/\0',
    '\ud800',
    'a'.repeat(1025),
  ])('%j is refused', (path) => {
    expect(folderPathSchema.safeParse(path).success).toBe(false)
  })
})

describe('a MIME type', () => {
  test.each([
    ['Image/PNG', 'image/png'],
    ['text/plain; charset=utf-8', 'text/plain'],
    ['image/svg+xml', 'image/svg+xml'],
  ])('%s is kept as %s', (given, kept) => {
    expect(mimeTypeSchema.parse(given)).toBe(kept)
  })
  test.each(['', 'image', 'image/', '/png', 'image/png\r\nx: y', 'a b/c'])('%j is refused', (given) => {
    expect(mimeTypeSchema.safeParse(given).success).toBe(false)
  })
})
