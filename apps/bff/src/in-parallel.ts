/** Works on many items, a few at a time. */

export interface ParallelWork<Item, Result> {
  /** How many may be in work at once. */
  limit: number
  work: (item: Item) => Promise<Result>
}

/** The results in the order of the items. The first failure is the result of all, and no further item is begun. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  { limit, work }: ParallelWork<Item, Result>,
): Promise<Result[]> {
  const results: Result[] = []
  // All workers take from one generator: a worker that fails closes it, which an array's own iterator cannot be.
  const queue = numbered(items)
  async function takeWork(): Promise<void> {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, takeWork))
  return results
}

function* numbered<Item>(items: readonly Item[]): Generator<[number, Item], void> {
  yield* items.entries()
}
