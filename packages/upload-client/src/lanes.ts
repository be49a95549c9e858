/** Lets so many pieces of work run at once; the others wait for their turn, in order. */

export interface Lanes {
  run(work: () => Promise<void>): Promise<void>
}

export function createLanes(count: number): Lanes {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async run(work) {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free += 1
        else next()
      }
    },
  }
}
