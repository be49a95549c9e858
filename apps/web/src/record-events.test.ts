/** What news of a record makes of a list. */
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { applyRecordEvent } from './record-events.ts'

const schema = z.object({ id: z.string(), order: z.string() })
const rules = {
  schema,
  compare: (a: z.infer<typeof schema>, b: z.infer<typeof schema>) => (a.order < b.order ? -1 : 1),
}
const LIST = [
  { id: 'a', order: '1' },
  { id: 'b', order: '2' },
]
const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).join('')

describe('applyRecordEvent', () => {
  it('puts a new record in its place', () => {
    const event = { action: 'create', record: { id: 'c', order: '15', collectionName: 'cards' } }
    expect(ids(applyRecordEvent(LIST, event, rules))).toBe('acb')
  })

  it('moves a record whose order changed', () => {
    const event = { action: 'update', record: { id: 'a', order: '3' } }
    expect(ids(applyRecordEvent(LIST, event, rules))).toBe('ba')
  })

  it('adds a record that it hears of for the second time only once', () => {
    const event = { action: 'create', record: { id: 'b', order: '2' } }
    expect(ids(applyRecordEvent(applyRecordEvent(LIST, event, rules), event, rules))).toBe('ab')
  })

  it('takes a deleted record away', () => {
    expect(ids(applyRecordEvent(LIST, { action: 'delete', record: { id: 'a' } }, rules))).toBe('b')
  })

  it('changes nothing for a record that it cannot read', () => {
    expect(applyRecordEvent(LIST, { action: 'update', record: { id: 'a', order: 7 } }, rules)).toEqual(LIST)
  })
})
