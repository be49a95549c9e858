/** Makes many records at once. */
import type PocketBase from 'pocketbase'
import { inParallel } from '../src/in-parallel.ts'
import { createRecord } from './people.ts'

export interface ManyRecords {
  count: number
  fields: (index: number) => Record<string, unknown>
}

/** The ids of the new records, in the order of their numbers. */
export function createRecords(client: PocketBase, collection: string, many: ManyRecords): Promise<string[]> {
  const numbers = Array.from({ length: many.count }, (_, index) => index)
  return inParallel(numbers, {
    limit: 16,
    work: (index) => createRecord(client, collection, many.fields(index)),
  })
}
