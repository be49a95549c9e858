/** What each event makes of a queue's uploads: pure, so that every path can be tried. */
import type { ErrorCode } from '@studio/contracts/error-code'
import type { StoredFile } from '@studio/contracts/upload'
import type { UploadProgress } from '../upload-progress.ts'
import type { UploadItem, UploadNeed, UploadOffer, UploadPhase, UploadStall } from './upload-item.ts'

export type QueueEvent =
  | { type: 'added'; items: readonly UploadItem[] }
  | { type: 'started'; id: string }
  | { type: 'progressed'; id: string; progress: Pick<UploadProgress, 'phase' | 'loaded'> }
  | { type: 'measured'; speeds: ReadonlyMap<string, number | null> }
  | { type: 'kept'; id: string }
  /** It waits for a server; `null`: no more. */
  | { type: 'stalled'; id: string; reason: UploadStall | null }
  | { type: 'offered'; id: string; offer: UploadOffer }
  /** It is to be sent although the project has it. */
  | { type: 'insisted'; id: string }
  /** The same file was begun before: it goes on with that, as what it was begun. */
  | {
      type: 'adopted'
      id: string
      begun: Pick<UploadItem, 'idempotencyKey' | 'mimeType' | 'path' | 'continuedFrom'>
    }
  | { type: 'paused'; id: string }
  | { type: 'resumed'; id: string }
  /** Its file is at hand again. */
  | { type: 'found'; id: string }
  | { type: 'missed'; id: string; need: UploadNeed; error: string | null }
  /** It is another file now, to be sent from the beginning. */
  | { type: 'replaced'; id: string; newKey: string; file: Pick<UploadItem, 'name' | 'size' | 'mimeType'> }
  | { type: 'stored'; id: string; file: Pick<StoredFile, 'fileId' | 'record'> }
  | { type: 'failed'; id: string; code: ErrorCode; message: string }
  | { type: 'retried'; id: string; newKey: string }
  | { type: 'removed'; ids: ReadonlySet<string> }

/** In which phases an event means anything; elsewhere it comes too late and changes nothing. */
const MEANT_IN: Record<
  Exclude<QueueEvent['type'], 'added' | 'measured' | 'removed' | 'kept'>,
  readonly UploadPhase[]
> = {
  started: ['queued'],
  progressed: ['running', 'paused'],
  stalled: ['running', 'paused'],
  paused: ['queued', 'running'],
  resumed: ['paused'],
  // All before a byte of it is sent.
  offered: ['queued', 'running', 'paused'],
  adopted: ['queued', 'running', 'paused'],
  insisted: ['offered'],
  found: ['waiting'],
  missed: ['queued', 'paused', 'waiting', 'failed'],
  replaced: ['waiting', 'failed'],
  // Pausing stops after the step under way, which may have been the last.
  stored: ['queued', 'running', 'paused'],
  failed: ['queued', 'running', 'paused', 'waiting'],
  retried: ['failed'],
}

/** The old key belongs to an upload that has ended, or to other bytes than the file has now. */
const KEY_IS_SPENT: ReadonlySet<string> = new Set<ErrorCode>([
  'UPLOAD_ENDED',
  'UPLOAD_NOT_FOUND',
  'IDEMPOTENCY_KEY_REUSED',
  'SIZE_MISMATCH',
  'CHECKSUM_MISMATCH',
  'PARTS_MISMATCH',
])

/** The same file would be refused again. */
const IS_FINAL: ReadonlySet<string> = new Set<ErrorCode>([
  'FILE_TOO_LARGE',
  'TYPE_NOT_ALLOWED',
  'FILE_AMBIGUOUS',
  'VALIDATION_FAILED',
  'PROJECT_NOT_FOUND',
  'CARD_NOT_FOUND',
  'FORBIDDEN',
])

/** The uploads after an event. Events of uploads that are no longer there change nothing. */
export function reduceUploads(items: readonly UploadItem[], event: QueueEvent): readonly UploadItem[] {
  switch (event.type) {
    case 'added':
      return [...items, ...event.items]
    case 'removed':
      return items.filter(({ id }) => !event.ids.has(id))
    case 'measured':
      return items.map((item) => measured(item, event.speeds))
    case 'kept':
      return items.map((item) => (item.id === event.id ? { ...item, safe: true } : item))
    default:
      return items.map((item) =>
        item.id === event.id && MEANT_IN[event.type].includes(item.phase)
          ? { ...item, ...changeBy(event, item) }
          : item,
      )
  }
}

function measured(item: UploadItem, speeds: ReadonlyMap<string, number | null>): UploadItem {
  const speed = speeds.get(item.id) ?? null
  return item.speed === speed ? item : { ...item, speed }
}

type ItemEvent = Exclude<QueueEvent, { type: 'added' | 'measured' | 'removed' | 'kept' }>

function changeBy(event: ItemEvent, item: UploadItem): Partial<UploadItem> {
  switch (event.type) {
    case 'started':
      return { phase: 'running', error: null }
    case 'progressed':
      return { stage: event.progress.phase, loaded: event.progress.loaded }
    case 'stalled':
      return { stalled: event.reason }
    case 'paused':
      return { phase: 'paused', speed: null }
    case 'resumed':
      return { phase: 'queued' }
    case 'offered':
      return { phase: 'offered', offer: event.offer, speed: null }
    case 'insisted':
      return { phase: 'queued', offer: null }
    case 'adopted':
      return { ...event.begun, goesOn: true }
    case 'found':
      return { phase: 'queued', need: null, error: null, fromElsewhere: false }
    case 'missed':
      return { phase: 'waiting', need: event.need, error: event.error, loaded: 0, stage: 'hashing' }
    case 'replaced':
      return { ...event.file, ...AFRESH, idempotencyKey: event.newKey }
    case 'stored':
      return { phase: 'stored', error: null, speed: null, need: null, stalled: null, ...event.file }
    case 'failed':
      return failedBy(event)
    case 'retried':
      return item.retryable ? requeued(item, event.newKey) : {}
  }
}

/** Of an upload of which nothing has been sent. */
const AFRESH = {
  phase: 'queued',
  stage: 'hashing',
  loaded: 0,
  need: null,
  error: null,
  goesOn: false,
  fromElsewhere: false,
  continuedFrom: null,
} as const satisfies Partial<UploadItem>

function failedBy({ code, message }: Extract<QueueEvent, { type: 'failed' }>): Partial<UploadItem> {
  return {
    phase: 'failed',
    stalled: null,
    loaded: 0,
    stage: 'hashing',
    speed: null,
    error: message,
    retryable: !IS_FINAL.has(code),
    ...(KEY_IS_SPENT.has(code) ? { idempotencyKey: '' } : {}),
  }
}

function requeued(item: UploadItem, newKey: string): Partial<UploadItem> {
  const idempotencyKey = item.idempotencyKey || newKey
  return { phase: 'queued', error: null, idempotencyKey, goesOn: idempotencyKey !== newKey }
}
