/** Looks at a queue's uploads twice a second while any of them runs. */
import type { QueueState } from './queue-state.ts'
import { IDLE_METER, look, speedOf, totalsOf, type UploadTotals } from './transfer-rate.ts'

const LOOK_MILLISECONDS = 500

export interface WatchSpeedsOptions {
  state: QueueState
  now: () => number
  /** Calls back again and again, until what it returns is called. */
  every: (milliseconds: number, look: () => void) => () => void
}

/** Answers what all uploads add up to, as of the last look. */
export function watchSpeeds({ state, now, every }: WatchSpeedsOptions): () => UploadTotals {
  let meter = IDLE_METER
  let stop: (() => void) | undefined

  function lookOnce(): void {
    meter = look(meter, state.items(), now())
    const speeds = new Map([...meter.byItem].map(([id, samples]) => [id, speedOf(samples)]))
    state.dispatch({ type: 'measured', speeds })
  }

  state.on('changed', (items) => {
    if (items.some(({ phase }) => phase === 'running')) stop ??= every(LOOK_MILLISECONDS, lookOnce)
    else if (stop !== undefined) {
      stop()
      stop = undefined
      meter = IDLE_METER
    }
  })
  return () => totalsOf(state.items(), meter)
}

/** By the platform's timer. */
export function everyByTimer(milliseconds: number, lookOnce: () => void): () => void {
  const timer = setInterval(lookOnce, milliseconds)
  return () => clearInterval(timer)
}
