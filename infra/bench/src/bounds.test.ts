/** Verdicts: what is at its bound is enough, what has no figure never is. */

import { describe, expect, test } from 'vitest'
import { rowOf, verdictOf } from './bounds.ts'

const row = (name: Parameters<typeof rowOf>[0], figure: number | undefined) =>
  verdictOf(rowOf(name, { figure, detail: '' }))

describe('a verdict', () => {
  test.each([
    ['multipart', 0.9, 'ok'],
    ['multipart', 0.899, 'falls short'],
    ['latency', 10, 'ok'],
    ['latency', 10.01, 'falls short'],
  ] as const)('of %s at %d is %s', (name, figure, verdict) => {
    expect(row(name, figure)).toBe(verdict)
  })

  test.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])('of %s is that it falls short', (figure) => {
    expect(row('multipart', figure)).toBe('falls short')
    expect(row('latency', figure)).toBe('falls short')
  })
})
