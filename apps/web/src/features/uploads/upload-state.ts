/** What the page knows of its uploads, and what each event makes of it: pure, so that every path can be tried. */
import type { CardId } from '@studio/contracts/card'
import type { ErrorCode } from '@studio/contracts/error-code'
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import type { StoredFile } from '@studio/contracts/upload'

/** `stored` stays until the file's record has appeared on the card. */
export type UploadPhase = 'queued' | 'hashing' | 'uploading' | 'finishing' | 'stored' | 'failed'

export interface UploadItem {
  /** Of this upload on this page. */
  id: string
  projectId: ProjectId
  cardId: CardId
  name: string
  size: number
  phase: UploadPhase
  /** Bytes of the current phase. */
  loaded: number
  /** Makes trying again harmless. A new one for each file, and after errors that stick to the old one. */
  idempotencyKey: string
  /** In words; only of failed uploads. */
  error: string | null
  /** Trying the same file again may help. */
  retryable: boolean
  fileId: FileId | null
  record: StoredFile['record'] | null
}

export type UploadEvent =
  | { type: 'added'; items: readonly UploadItem[] }
  | { type: 'started'; id: string }
  | { type: 'progressed'; id: string; phase: 'hashing' | 'uploading' | 'finishing'; loaded: number }
  | { type: 'stored'; id: string; file: Pick<StoredFile, 'fileId' | 'record'> }
  | { type: 'failed'; id: string; code: ErrorCode | 'UNREACHABLE'; message: string }
  | { type: 'retried'; id: string; newKey: string }
  | { type: 'removed'; id: string }
  /** These files have appeared on their cards. */
  | { type: 'appeared'; fileIds: ReadonlySet<FileId> }

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
  'VALIDATION_FAILED',
  'PROJECT_NOT_FOUND',
  'CARD_NOT_FOUND',
  'FORBIDDEN',
])

/** Does the upload still need this page? */
export function isActive({ phase }: UploadItem): boolean {
  return phase !== 'stored' && phase !== 'failed'
}

function update(
  items: readonly UploadItem[],
  id: string,
  change: Partial<UploadItem>,
): readonly UploadItem[] {
  return items.map((item) => (item.id === id ? { ...item, ...change } : item))
}

/** The uploads after an event. Events of uploads that are no longer there change nothing. */
export function reduceUploads(items: readonly UploadItem[], event: UploadEvent): readonly UploadItem[] {
  switch (event.type) {
    case 'added':
      return [...items, ...event.items]
    case 'started':
      return update(items, event.id, { phase: 'hashing', loaded: 0, error: null })
    case 'progressed':
      return update(items, event.id, { phase: event.phase, loaded: event.loaded })
    case 'stored':
      return update(items, event.id, { phase: 'stored', error: null, ...event.file })
    case 'failed':
      return update(items, event.id, {
        phase: 'failed',
        loaded: 0,
        error: event.message,
        retryable: !IS_FINAL.has(event.code),
        ...(KEY_IS_SPENT.has(event.code) ? { idempotencyKey: '' } : {}),
      })
    case 'retried':
      return items.map((item) => (item.id === event.id ? requeue(item, event.newKey) : item))
    case 'removed':
      return items.filter(({ id }) => id !== event.id)
    case 'appeared':
      return items.filter(
        ({ phase, fileId }) => phase !== 'stored' || fileId === null || !event.fileIds.has(fileId),
      )
  }
}

function requeue(item: UploadItem, newKey: string): UploadItem {
  if (item.phase !== 'failed' || !item.retryable) return item
  const idempotencyKey = item.idempotencyKey || newKey
  return { ...item, phase: 'queued', loaded: 0, error: null, idempotencyKey }
}

/** Whole percent of the bytes that are sent; `null` where nobody can tell yet. */
export function percentOf({ phase, loaded, size }: UploadItem): number | null {
  if (phase === 'queued') return 0
  if (phase === 'finishing' || phase === 'stored') return 100
  if (phase === 'failed' || size === 0) return null
  // Reading the file is local and quick; it is shown as the first twentieth, so that the bar never runs backwards.
  const share = Math.min(1, loaded / size)
  return Math.floor(phase === 'hashing' ? share * 5 : 5 + share * 95)
}
