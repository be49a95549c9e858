import { expect, it } from 'vitest'
import { compareFiles } from './file-order.ts'

it('orders files by when they came, and those of one instant by id', () => {
  const at = (created: string, id: string) => ({ created, id })
  const files = [
    at('2026-11-22T10:00:00.002Z', 'a'),
    at('2026-11-22T10:00:00.001Z', 'c'),
    at('2026-11-22T10:00:00.001Z', 'b'),
    at('2025-12-31T23:59:59.999Z', 'd'),
  ]
  expect(files.toSorted(compareFiles).map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a'])
})
