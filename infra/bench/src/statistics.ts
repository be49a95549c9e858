/** Medians, and rounds in which contestants take turns, so that what slows the machine slows all of them. */

/** The middle value; the mean of the two middle ones of an even number. Throws when there is none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)]
  const lower = sorted[Math.ceil(middle) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('No values, no median')
  return (lower + upper) / 2
}

/** The value that this share of the values does not exceed (nearest rank). Throws when there is none. */
export function quantileOf(values: readonly number[], share: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]
  if (value === undefined) throw new RangeError('No values, no quantile')
  return value
}

/** The median of the ratios of each round: a round that was slow for both counts like any other. */
export function medianRatio(values: readonly number[], references: readonly number[]): number {
  if (values.length !== references.length) throw new RangeError('Ratios are of pairs')
  return medianOf(values.map((value, index) => value / (references[index] ?? Number.NaN)))
}

/** Lets every contestant measure itself once a round, each round beginning with another. */
export async function interleave<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, (round: number) => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contestants) as Name[]
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length]
      if (name !== undefined) results[name].push(await contestants[name](round))
    }
  }
  return results
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Does the work for every item, so many at once; like that many clients that each go on as soon as they can. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  { lanes, work }: { lanes: number; work: (item: Item) => Promise<Result> },
): Promise<Result[]> {
  const results: Result[] = []
  const entries = items.entries()
  const lane = async () => {
    for (const [index, item] of entries) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}
