/** That a sign-in never leads off this site. */
import { describe, expect, it } from 'vitest'
import { safeReturnPath } from './return-path.ts'

describe('safeReturnPath', () => {
  it.each(['/', '/projects/abcdefghijklmno', '/projects/abcdefghijklmno?file=abcdefghijklmno#x'])(
    'keeps the path %j',
    (path) => {
      expect(safeReturnPath(path)).toBe(path)
    },
  )

  it.each([
    undefined,
    '',
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' /projects',
    '/projects\\..\\x',
  ])('replaces %j by the start page', (asked) => {
    expect(safeReturnPath(asked)).toBe('/')
  })

  it('does not lead back to the sign-in', () => {
    expect(safeReturnPath('/sign-in?to=%2F')).toBe('/')
  })
})
