/** Pseudo-random numbers that are the same on every run, so that a drawing is the same file on every machine. */

/** Draws numbers in [0, 1). */
export type RandomStream = () => number

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for the places of stars. */
export function randomStream(seed: number): RandomStream {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A number between two others. */
export function between(random: RandomStream, from: number, to: number): number {
  return from + (to - from) * random()
}
