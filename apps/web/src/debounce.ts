/** Waits until calls have stopped coming. */

/** Runs the effect once, `delayMs` after the last of a series of calls. */
export function debounce(effect: () => void, delayMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(effect, delayMs)
  }
}
