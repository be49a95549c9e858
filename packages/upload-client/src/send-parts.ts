/** Sends a file in parts, several at once, until the store has confirmed every one of them. */
import { SIGN_PARTS_MAX_ITEMS } from '@studio/contracts/limits'
import { laneConfirmed, laneFailed, startLanes, type LaneCount } from './lane-count.ts'
import {
  areAllConfirmed,
  loadedBytes,
  nextPartStates,
  partRange,
  partsAt,
  startParts,
  type PartEvent,
} from './part-states.ts'
import { createPartWork, type PartWork } from './part-work.ts'
import type { SendPartsJob } from './send-parts-job.ts'

/** Parts that are made ready ahead of each lane: enough that one call signs several, few enough that URLs stay fresh. */
const AHEAD_PER_LANE = 3

/**
 * Resolves to the SHA-256 of each part, in order. Rejects with a `StudioError` when going on makes no sense; what the store has
 * confirmed by then stays, and another call does not send it again.
 */
export async function sendParts(job: SendPartsJob): Promise<string[]> {
  const ending = new AbortController()
  const signal = AbortSignal.any([job.signal, ending.signal])
  const running = new Set<Promise<void>>()
  const track = trackParts(job)
  const work = createPartWork({ ...job, signal, ...track })
  const run = (task: Promise<void>) => {
    const tracked = task.finally(() => running.delete(tracked))
    running.add(tracked)
  }
  try {
    while (!areAllConfirmed(track.state())) {
      const held = holdOrStart(work, { ...job, signal, track, run })
      await Promise.race([...running, ...held])
    }
    return track.digests
  } finally {
    ending.abort()
    await Promise.allSettled(running)
  }
}

type Track = ReturnType<typeof trackParts>

/** The state of the parts, and what follows from each event for the number of lanes and for who watches. */
function trackParts({ plan, surroundings: { now }, onProgress }: SendPartsJob) {
  let count = startLanes(now())
  let state = startParts(plan, count.lanes)
  const digests: string[] = []
  const dispatch = (event: PartEvent): void => {
    state = nextPartStates(state, event)
    onProgress(loadedBytes(state))
  }
  const countLanes = (next: LaneCount): void => {
    count = next
    dispatch({ name: 'lanes', lanes: count.lanes })
  }
  return {
    digests,
    state: () => state,
    dispatch,
    /** A part is in the store; one that was not sent just now says nothing about the line. */
    confirmed(partNumber: number, sha256: string): void {
      const { start, end } = partRange(plan, partNumber)
      const wasSent = state.open.get(partNumber)?.stage === 'sending'
      digests[partNumber - 1] = sha256
      dispatch({ name: 'confirmed', partNumber })
      if (wasSent) countLanes(laneConfirmed(count, end - start, now()))
    },
    /** The line or the store is in trouble. */
    slowDown: () => countLanes(laneFailed(count, now())),
  }
}

interface Scheduling extends Pick<SendPartsJob, 'gate' | 'surroundings' | 'signal'> {
  track: Track
  run: (task: Promise<void>) => void
}

/** Starts whatever can be; while that may not be, what to wait for besides the work under way. */
function holdOrStart(
  work: PartWork,
  { gate, surroundings: { connectivity }, signal, track, run }: Scheduling,
): Promise<void>[] {
  if (gate.isPaused()) return [gate.untilResumed(signal)]
  if (!connectivity.isOnline()) return [connectivity.untilOnline(signal)]
  openAhead(track)
  const { lanes } = track.state()
  const hashing = partsAt(track.state(), 'hashing').length
  for (const part of partsAt(track.state(), 'pending').slice(0, Math.max(0, lanes - hashing))) {
    run(work.hash(part))
  }
  const isHashing = partsAt(track.state(), 'hashing').length > 0
  const signed = partsAt(track.state(), 'signed')
  const unsigned = partsAt(track.state(), 'hashed').filter(work.isIdle).slice(0, SIGN_PARTS_MAX_ITEMS)
  const sending = partsAt(track.state(), 'sending').length
  const isStarving = sending + signed.length === 0
  // One call for all that are hashed, unless nothing is on its way at all.
  if (unsigned.length > 0 && !work.isSigning() && (!isHashing || isStarving)) {
    run(work.sign(unsigned))
  }
  for (const part of signed.slice(0, Math.max(0, lanes - sending))) run(work.send(part))
  return []
}

/** Opened many at a time once few are left, so that one call signs many. */
function openAhead({ state, dispatch }: Track): void {
  const { open, lanes } = state()
  const ahead = open.size - partsAt(state(), 'sending').length
  if (ahead < lanes) dispatch({ name: 'opened', count: AHEAD_PER_LANE * lanes })
}
