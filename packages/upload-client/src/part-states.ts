/** The parts of one upload and what leads each from pending to confirmed: pure, so that every path can be tried. */

/** How the server cuts the file: parts are numbered from 1, the last one is as long as what is left. */
export interface PartPlan {
  size: number
  partSize: number
  partCount: number
}

/** Where the bytes of one part are to be sent. */
export interface PartAddress {
  url: string
  headers: Record<string, string>
  /** When it arrived here, by the clock that the upload measures with. */
  receivedAt: number
}

interface PartFields {
  partNumber: number
  /** Tries that did not work. */
  failures: number
  /** The digest of bytes that the store refused: it is computed once more before they are believed to be damaged. */
  refused: string | undefined
}

export type OpenPart = PartFields &
  (
    | { stage: 'pending' | 'hashing' }
    | { stage: 'hashed'; sha256: string }
    | { stage: 'signed'; sha256: string; address: PartAddress }
    | { stage: 'sending'; sha256: string; address: PartAddress; loaded: number }
  )
export type PartAt<Stage extends OpenPart['stage']> = Extract<OpenPart, { stage: Stage }>

/** Parts that nobody has looked at yet have no entry, and confirmed ones no longer: ten thousand cost nothing. */
export interface PartStates {
  plan: PartPlan
  /** How many parts may be on their way at once. */
  lanes: number
  /** The first part that was not opened yet. */
  next: number
  open: ReadonlyMap<number, OpenPart>
  confirmedCount: number
  confirmedBytes: number
}

export type PartEvent =
  /** Opens up to so many further parts. */
  | { name: 'opened'; count: number }
  | { name: 'lanes'; lanes: number }
  | { name: 'hashing'; partNumber: number }
  | { name: 'hashed'; partNumber: number; sha256: string }
  | { name: 'signed'; partNumber: number; address: PartAddress }
  | { name: 'sending'; partNumber: number }
  | { name: 'progress'; partNumber: number; loaded: number }
  /** The store has these bytes: it answered that they arrived, or lists them with the digest they have here. */
  | { name: 'confirmed'; partNumber: number }
  /** Its address works no more; another is needed. */
  | { name: 'stale'; partNumber: number }
  /** Stopped on purpose. */
  | { name: 'interrupted'; partNumber: number }
  | { name: 'failed'; partNumber: number }
  /** The store refused the bytes as others than were announced. */
  | { name: 'refused'; partNumber: number }

/** No part looked at yet. */
export function startParts(plan: PartPlan, lanes: number): PartStates {
  return { plan, lanes, next: 1, open: new Map(), confirmedCount: 0, confirmedBytes: 0 }
}

/** Where a part begins and ends in the file, the end excluded. */
export function partRange({ size, partSize }: PartPlan, partNumber: number): { start: number; end: number } {
  const start = (partNumber - 1) * partSize
  return { start, end: Math.min(size, start + partSize) }
}

/** The open parts at one stage, by number. */
export function partsAt<Stage extends OpenPart['stage']>(state: PartStates, stage: Stage): PartAt<Stage>[] {
  const isAt = (part: OpenPart): part is PartAt<Stage> => part.stage === stage
  return [...state.open.values()].filter(isAt).toSorted((a, b) => a.partNumber - b.partNumber)
}

/** Bytes that are confirmed or on their way. */
export function loadedBytes(state: PartStates): number {
  return partsAt(state, 'sending').reduce((sum, { loaded }) => sum + loaded, state.confirmedBytes)
}

export function areAllConfirmed({ confirmedCount, plan }: PartStates): boolean {
  return confirmedCount === plan.partCount
}

/** The state after an event; one that its part's stage has no use for changes nothing. */
export function nextPartStates(state: PartStates, event: PartEvent): PartStates {
  if (event.name === 'opened') return openFurther(state, event.count)
  if (event.name === 'lanes') return { ...state, lanes: Math.max(1, event.lanes) }
  const part = state.open.get(event.partNumber)
  if (part === undefined) return state
  if (event.name === 'confirmed') return confirm(state, part)
  if (event.name === 'sending' && partsAt(state, 'sending').length >= state.lanes) return state
  const after = nextPart(part, event, partBytes(state.plan, part.partNumber))
  return after === part ? state : { ...state, open: new Map(state.open).set(part.partNumber, after) }
}

function nextPart(part: OpenPart, event: PartEvent, size: number): OpenPart {
  const { partNumber, failures, refused } = part
  const fields = { partNumber, failures, refused }
  switch (event.name) {
    case 'hashing':
      return part.stage === 'pending' ? { ...fields, stage: 'hashing' } : part
    case 'hashed':
      return part.stage === 'hashing' ? { ...fields, stage: 'hashed', sha256: event.sha256 } : part
    case 'signed':
      if (part.stage !== 'hashed') return part
      return { ...fields, stage: 'signed', sha256: part.sha256, address: event.address }
    case 'sending':
      return part.stage === 'signed' ? { ...part, stage: 'sending', loaded: 0 } : part
    case 'progress':
      if (part.stage !== 'sending') return part
      return { ...part, loaded: Math.max(part.loaded, Math.min(event.loaded, size)) }
    case 'stale':
      return part.stage === 'signed' ? { ...fields, stage: 'hashed', sha256: part.sha256 } : part
    case 'interrupted':
      return part.stage === 'sending'
        ? { ...fields, stage: 'signed', sha256: part.sha256, address: part.address }
        : part
    case 'failed':
      if (part.stage !== 'hashed' && part.stage !== 'sending') return part
      return { ...fields, failures: failures + 1, stage: 'hashed', sha256: part.sha256 }
    case 'refused':
      if (part.stage !== 'sending') return part
      return { ...fields, failures: failures + 1, refused: part.sha256, stage: 'pending' }
    default:
      return part
  }
}

function openFurther(state: PartStates, count: number): PartStates {
  const end = Math.min(state.next + count, state.plan.partCount + 1)
  if (end <= state.next) return state
  const open = new Map(state.open)
  for (let partNumber = state.next; partNumber < end; partNumber += 1) {
    open.set(partNumber, { partNumber, stage: 'pending', failures: 0, refused: undefined })
  }
  return { ...state, open, next: end }
}

function confirm(state: PartStates, part: OpenPart): PartStates {
  if (part.stage !== 'hashed' && part.stage !== 'sending') return state
  const open = new Map(state.open)
  open.delete(part.partNumber)
  const confirmedBytes = state.confirmedBytes + partBytes(state.plan, part.partNumber)
  return { ...state, open, confirmedBytes, confirmedCount: state.confirmedCount + 1 }
}

function partBytes(plan: PartPlan, partNumber: number): number {
  const { start, end } = partRange(plan, partNumber)
  return end - start
}
