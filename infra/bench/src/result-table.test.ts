/** The table as people and machines read it. */

import { expect, test } from 'vitest'
import { rowOf } from './bounds.ts'
import { formatTable, toJson } from './result-table.ts'

const rows = [
  rowOf('multipart', { figure: 0.95, detail: 'ours 95, raw 100' }),
  rowOf('tusRelay', { figure: undefined, detail: 'not built yet: tus' }),
]

test('a row shows its figure beside its bound, and none where there is none', () => {
  const [head, first, second] = formatTable(rows).split('\n')
  expect(head).toMatch(/^operation +figure +bound +verdict +from$/)
  expect(first).toMatch(/0\.95 × raw multipart +≥ 0\.9 +ok +ours 95, raw 100$/)
  expect(second).toMatch(/ - +≥ 0\.4 +falls short +not built yet: tus$/)
})

test('machines read the same', () => {
  expect(JSON.parse(toJson(rows))).toMatchObject({
    results: [
      { figure: 0.95, atLeast: 0.9, verdict: 'ok' },
      { figure: null, verdict: 'falls short' },
    ],
  })
})
