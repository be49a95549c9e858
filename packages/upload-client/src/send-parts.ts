/** Sends a file in parts, several at once, until the store has confirmed every one of them. */
import { MIB, SIGN_PARTS_MAX_ITEMS } from '@studio/contracts/limits'
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
import { createPartWork, type PartWork, type PartWorkOptions } from './part-work.ts'
import { HELD_PART_MAX_BYTES } from './read-part.ts'
import type { SendPartsJob } from './send-parts-job.ts'

/** What is held of a file at most: parts on their way, and those made ready for when these have arrived. */
const HELD_MAX_BYTES = 128 * MIB

/** One part is hashed while another is read. */
const READ_AT_ONCE = 2

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
  const thrown: unknown[] = []
  // Kept here because a race hears only of who settles first, and the next race no longer knows the others.
  const run = (task: Promise<void>) => {
    const tracked = task
      .catch((error: unknown) => void thrown.push(error))
      .finally(() => running.delete(tracked))
    running.add(tracked)
  }
  try {
    while (!areAllConfirmed(track.state())) {
      const held = holdOrStart(work, { ...job, signal, track, run })
      await Promise.race([...running, ...held])
      if (thrown.length > 0) throw thrown[0]
    }
    return track.digests
  } finally {
    ending.abort()
    await Promise.allSettled(running)
  }
}

type Track = ReturnType<typeof trackParts>
type ConfirmedPart = Parameters<PartWorkOptions['confirmed']>[0]

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
    confirmed({ partNumber, sha256, milliseconds }: ConfirmedPart): void {
      const { start, end } = partRange(plan, partNumber)
      digests[partNumber - 1] = sha256
      dispatch({ name: 'confirmed', partNumber })
      if (milliseconds === undefined) return
      countLanes(laneConfirmed(count, { bytes: end - start, milliseconds }, now()))
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
  const reading = partsAt(track.state(), 'hashing').length
  for (const part of partsAt(track.state(), 'pending').slice(0, Math.max(0, READ_AT_ONCE - reading))) {
    run(work.hash(part))
  }
  const signed = partsAt(track.state(), 'signed')
  const unsigned = partsAt(track.state(), 'hashed').filter(work.isIdle).slice(0, SIGN_PARTS_MAX_ITEMS)
  const sending = partsAt(track.state(), 'sending').length
  const isReading = partsAt(track.state(), 'hashing').length > 0
  const isLaneIdle = sending + signed.length < lanes
  // One call for many, made before the last signed part is taken, so that no lane waits for its answer.
  if (unsigned.length > 0 && !work.isSigning() && (isLaneIdle || (signed.length <= 1 && !isReading))) {
    run(work.sign(unsigned))
  }
  for (const part of signed.slice(0, Math.max(0, lanes - sending))) run(work.send(part))
  return []
}

/** As many are made ready as there are lanes, so that each finds its next part read and signed. */
function openAhead({ state, dispatch }: Track): void {
  const { open, lanes, plan } = state()
  const room =
    plan.partSize > HELD_PART_MAX_BYTES ? lanes : Math.floor(HELD_MAX_BYTES / plan.partSize) - lanes
  const ahead = Math.max(1, Math.min(lanes, room))
  const count = ahead + partsAt(state(), 'sending').length - open.size
  if (count > 0) dispatch({ name: 'opened', count })
}
