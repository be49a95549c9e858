/** The states of one upload and what leads from each to the next: pure, so that every path can be tried. */
import type { FileId } from '@studio/contracts/file'
import type { StudioError } from '@studio/contracts/studio-error'
import type {
  DirectTransport,
  MultipartTransport,
  StoredFile,
  Transport,
  TusTransport,
} from '@studio/contracts/upload'

/** How often the bytes of one upload are sent at most, but for times at which the store could not take them. */
export const MAX_ROUNDS = 3

export type UploadState =
  | { name: 'hashing'; transport: 'inline' | 'direct'; size: number; loaded: number }
  /** Without `sha256`, in the hope that the file goes in parts and need not be hashed as a whole. */
  | { name: 'beginning'; size: number; sha256: string | undefined; round: number; fileId: FileId | undefined }
  | { name: 'sending-inline'; size: number; sha256: string }
  | {
      name: 'sending'
      size: number
      sha256: string | undefined
      round: number
      fileId: FileId
      transport: DirectTransport
      loaded: number
    }
  | {
      name: 'sending-parts'
      size: number
      sha256: string | undefined
      round: number
      fileId: FileId
      transport: MultipartTransport
      loaded: number
    }
  /** As one body through a server that keeps its place in it. */
  | {
      name: 'sending-tus'
      size: number
      sha256: string | undefined
      round: number
      fileId: FileId
      transport: TusTransport
      loaded: number
    }
  | {
      name: 'completing'
      size: number
      sha256: string | undefined
      round: number
      fileId: FileId
      /** SHA-256 of each part, of a file that went in parts. */
      partDigests: string[] | undefined
      /** Why it is not known whether the bytes arrived; `undefined` when the store confirmed them. */
      doubt: StudioError | undefined
    }
  /** Bytes are stopped; the server is being told. Without `fileId`, the answer that would have said it was cut off. */
  | { name: 'aborting'; sha256: string | undefined; fileId: FileId | undefined }
  | { name: 'stored'; file: StoredFile }
  | { name: 'failed'; error: StudioError; fileId: FileId | undefined }
  | { name: 'aborted' }

export type UploadEvent =
  | { name: 'progress'; loaded: number }
  | { name: 'hashed'; sha256: string }
  | { name: 'begun'; fileId: FileId; transport: Transport }
  /** This server takes the file in one piece only, for which it has to be hashed as a whole. */
  | { name: 'checksum-required'; error: StudioError }
  /** The store has confirmed every part. */
  | { name: 'parts-sent'; partDigests: string[] }
  /** The store has confirmed the bytes. */
  | { name: 'sent' }
  /** The store could not take the bytes just now. */
  | { name: 'busy'; error: StudioError }
  /** No answer to the bytes: they may have arrived or not. */
  | { name: 'unanswered'; error: StudioError }
  /** The bytes are not there, and sending them again can help. */
  | { name: 'missing'; error: StudioError }
  /** The server says that the file is stored. */
  | { name: 'stored'; file: StoredFile }
  | { name: 'failed'; error: StudioError }
  /** Somebody asked to stop. */
  | { name: 'abort' }
  /** The server was told to stop, or cannot be reached. */
  | { name: 'aborted' }

export type StateNamed<Name extends UploadState['name']> = Extract<UploadState, { name: Name }>
type SendingName = 'sending' | 'sending-parts' | 'sending-tus'
type EventNamed<Name extends UploadEvent['name']> = Extract<UploadEvent, { name: Name }>

type Transitions = {
  [From in UploadState['name']]: {
    [On in UploadEvent['name']]?: (state: StateNamed<From>, event: EventNamed<On>) => UploadState
  }
}

/**
 * Every transition there is; an event that its state does not list changes nothing. `stored` is entered only where a
 * server's answer to `begin`, `complete` or an inline upload can say so.
 */
const TRANSITIONS: Transitions = {
  hashing: {
    progress: advance,
    hashed: ({ transport, size }, { sha256 }) =>
      transport === 'inline'
        ? { name: 'sending-inline', size, sha256 }
        : { name: 'beginning', size, sha256, round: 1, fileId: undefined },
    failed: (_, { error }) => ({ name: 'failed', error, fileId: undefined }),
    abort: () => ({ name: 'aborted' }),
  },
  beginning: {
    begun: ({ size, sha256, round }, { fileId, transport }) => {
      const fields = { size, sha256, round, loaded: 0, fileId }
      switch (transport.kind) {
        case 'direct':
          return { ...fields, name: 'sending', transport }
        case 'multipart':
          return { ...fields, name: 'sending-parts', transport }
        case 'tus':
          return { ...fields, name: 'sending-tus', transport }
      }
    },
    'checksum-required': (state, event) =>
      state.sha256 === undefined
        ? { name: 'hashing', transport: 'direct', size: state.size, loaded: 0 }
        : fail(state, event),
    stored: finish,
    failed: fail,
    abort: stop,
  },
  'sending-inline': {
    stored: finish,
    failed: (_, { error }) => ({ name: 'failed', error, fileId: undefined }),
    abort: ({ sha256 }) => ({ name: 'aborting', sha256, fileId: undefined }),
  },
  sending: {
    progress: advance,
    sent: (state) => confirm(state, { doubt: undefined, partDigests: undefined }),
    busy: sendLater,
    unanswered: (state, { error }) => confirm(state, { doubt: error, partDigests: undefined }),
    missing: sendAgain,
    failed: fail,
    abort: stop,
  },
  'sending-parts': {
    progress: advance,
    'parts-sent': (state, { partDigests }) => confirm(state, { doubt: undefined, partDigests }),
    missing: sendAgain,
    failed: fail,
    abort: stop,
  },
  'sending-tus': {
    progress: advance,
    sent: (state) => confirm(state, { doubt: undefined, partDigests: undefined }),
    missing: sendAgain,
    failed: fail,
    abort: stop,
  },
  completing: {
    stored: finish,
    // What nobody answered to was no try.
    missing: (state, event) => (state.doubt === undefined ? sendAgain(state, event) : sendLater(state)),
    failed: fail,
    abort: stop,
  },
  aborting: {
    stored: finish,
    aborted: () => ({ name: 'aborted' }),
  },
  stored: {},
  failed: {},
  aborted: {},
}

/** The state after an event. */
export function nextUploadState(state: UploadState, event: UploadEvent): UploadState {
  // The table's type pairs each state with its events; TypeScript cannot follow the pairing through two look-ups.
  const transition = TRANSITIONS[state.name][event.name] as
    | ((state: UploadState, event: UploadEvent) => UploadState)
    | undefined
  return transition === undefined ? state : transition(state, event)
}

function advance<State extends StateNamed<'hashing' | SendingName>>(
  state: State,
  { loaded }: { loaded: number },
): State {
  return { ...state, loaded: Math.max(state.loaded, Math.min(loaded, state.size)) }
}

function finish(_: UploadState, { file }: { file: StoredFile }): UploadState {
  return { name: 'stored', file }
}

function fail({ fileId }: { fileId: FileId | undefined }, { error }: { error: StudioError }): UploadState {
  return { name: 'failed', error, fileId }
}

function stop({ sha256, fileId }: { sha256: string | undefined; fileId: FileId | undefined }): UploadState {
  return { name: 'aborting', sha256, fileId }
}

function confirm(
  { size, sha256, round, fileId }: StateNamed<SendingName>,
  evidence: Pick<StateNamed<'completing'>, 'doubt' | 'partDigests'>,
): UploadState {
  return { name: 'completing', size, sha256, round, fileId, ...evidence }
}

function sendAgain(
  { size, sha256, round, fileId }: StateNamed<SendingName | 'completing'>,
  { error }: { error: StudioError },
): UploadState {
  if (round >= MAX_ROUNDS) return { name: 'failed', error, fileId }
  return { name: 'beginning', size, sha256, round: round + 1, fileId }
}

/** Bounded by the patience of whoever waits, not by rounds. */
function sendLater({ size, sha256, round, fileId }: StateNamed<'sending' | 'completing'>): UploadState {
  return { name: 'beginning', size, sha256, round, fileId }
}
