/** What counts as a statement in PostgreSQL's log, and which of them an upload caused. */

import { expect, test } from 'vitest'
import { countCaused, parseStatements } from './sql-statements.ts'

const LOG = `
studio-bench LOG:  execute <unnamed>: 
\t    with inserted as (
\t      insert into files values ($1)
\t    ) select * from inserted
studio-bench DETAIL:  Parameters: $1 = 'LOG:  statement: select 2'
studio-bench LOG:  statement: BEGIN
studio-bench LOG:  execute by_id: select * from files where id = $1
studio-bench LOG:  checkpoint starting: time
studio-bench ERROR:  duplicate key
studio-bench STATEMENT:  insert into files values (1)
`

test('statements are those executed, not their parameters and not other lines', () => {
  const statements = parseStatements(LOG)
  expect(statements).toHaveLength(3)
  expect(statements[0]).toContain('select * from inserted')
  expect(statements.slice(1)).toEqual(['BEGIN', 'select * from files where id = $1'])
})

test('what runs without uploads too does not count at its usual pace, and counts beyond it', () => {
  const idle = { elapsedMs: 3_000, statements: Array.from({ length: 6 }, () => 'poll') }
  const usual = { elapsedMs: 1_000, statements: ['poll', 'insert', 'poll', 'update'] }
  expect(countCaused(usual, idle)).toBe(2)
  const busy = { elapsedMs: 1_000, statements: Array.from({ length: 20 }, () => 'poll') }
  expect(countCaused(busy, idle)).toBe(17)
})
