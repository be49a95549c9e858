/** What news of one record makes of a list that is on the screen: shown at once, and read again soon after. */
import type { RealtimeEvent } from './realtime.ts'

interface Schema<Item> {
  safeParse: (record: unknown) => { success: true; data: Item } | { success: false }
}

export interface ListRules<Item> {
  /** How PocketBase's record becomes an item. */
  schema: Schema<Item>
  /** The order of the list. */
  compare: (a: Item, b: Item) => number
}

/** The list after the event. A record that cannot be read changes nothing: reading the list again will tell. */
export function applyRecordEvent<Item extends { id: string }>(
  items: readonly Item[],
  { action, record }: RealtimeEvent,
  { schema, compare }: ListRules<Item>,
): Item[] {
  const others = items.filter(({ id }) => id !== record['id'])
  if (action === 'delete') return others
  const read = schema.safeParse(record)
  return read.success ? [...others, read.data].sort(compare) : [...items]
}
