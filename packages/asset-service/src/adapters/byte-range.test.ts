/** Tests of ranges of bytes. */
import { describe, expect, it } from 'vitest'
import { assertByteRange, parseRangeHeader } from './byte-range.ts'

describe('the range that a request asks for', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-4', { start: 2, end: 4 }],
    ['bytes=2-', { start: 2, end: 9 }],
    ['bytes=2-99', { start: 2, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    [' bytes=0-1 ', { start: 0, end: 1 }],
  ])('reads %j of ten bytes', (header, range) => {
    expect(parseRangeHeader(header, 10)).toEqual(range)
  })

  it.each([
    null,
    '',
    'bytes=',
    'bytes=-',
    'bytes=4-2',
    'bytes=0-1,4-5',
    'bytes=a-b',
    'items=0-1',
    'bytes 0-1',
  ])('takes %j for a request of everything', (header) => {
    expect(parseRangeHeader(header, 10)).toBeUndefined()
  })

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('cannot satisfy %j of ten bytes', (header) => {
    expect(parseRangeHeader(header, 10)).toBe('unsatisfiable')
  })

  it.each(['bytes=0-', 'bytes=0-0', 'bytes=-1'])('cannot satisfy %j of nothing', (header) => {
    expect(parseRangeHeader(header, 0)).toBe('unsatisfiable')
  })
})

describe('a range that code asks for', () => {
  it('may be a single byte', () => {
    expect(() => assertByteRange({ start: 5, end: 5 })).not.toThrow()
  })

  it.each([
    { start: -1, end: 3 },
    { start: 4, end: 3 },
    { start: 0.5, end: 3 },
    { start: 0, end: Number.POSITIVE_INFINITY },
    { start: Number.NaN, end: 3 },
  ])('is refused when it is $start to $end', (range) => {
    expect(() => assertByteRange(range)).toThrow(RangeError)
  })
})
