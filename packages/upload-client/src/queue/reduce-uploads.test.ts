/** What each event makes of an upload, in every phase. */
import type { CardId } from '@studio/contracts/card'
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import { describe, expect, it } from 'vitest'
import { storedFile } from '../../test/driven-queue.ts'
import { queuedItem } from './queued-file.ts'
import { reduceUploads, type QueueEvent } from './reduce-uploads.ts'
import { isActive, percentOf, type UploadItem, type UploadPhase } from './upload-item.ts'

const FILE = 'file00000000000' as FileId
const TARGET = { projectId: 'project00000000' as ProjectId, cardId: 'card00000000000' as CardId }
const PHASES: readonly UploadPhase[] = [
  'queued',
  'running',
  'paused',
  'waiting',
  'offered',
  'stored',
  'failed',
]

function item(change: Partial<UploadItem> = {}): UploadItem {
  const file = { source: new Blob(['x'.repeat(1000)]), name: 'photo.jpg' }
  const fresh = queuedItem({ target: TARGET, place: 'Project · Card' }, file)
  return { ...fresh, id: 'one', idempotencyKey: 'first-key', ...change }
}

const after = (from: UploadItem, ...events: QueueEvent[]) =>
  events.reduce<readonly UploadItem[]>(reduceUploads, [from])[0]

const failed = (code: Extract<QueueEvent, { type: 'failed' }>['code']): QueueEvent => ({
  type: 'failed',
  id: 'one',
  code,
  message: 'Words.',
})
const retried: QueueEvent = { type: 'retried', id: 'one', newKey: 'second-key' }
const stored: QueueEvent = { type: 'stored', id: 'one', file: { fileId: FILE, record: 'pending' } }
const offered: QueueEvent = { type: 'offered', id: 'one', offer: { file: storedFile('here'), among: 2 } }
const BEGUN = { idempotencyKey: 'key-of-before', mimeType: 'image/jpeg', path: '', continuedFrom: 500 }
const OTHER = { name: 'photo.jpg', size: 2000, mimeType: 'image/jpeg' }

/** The phase after an event, from each phase in the order of `PHASES`; `-` where nothing changes. */
const TABLE: [QueueEvent, string][] = [
  [{ type: 'started', id: 'one' }, 'running - - - - - -'],
  [{ type: 'paused', id: 'one' }, 'paused paused - - - - -'],
  [{ type: 'resumed', id: 'one' }, '- - queued - - - -'],
  [offered, 'offered offered offered - - - -'],
  [{ type: 'insisted', id: 'one' }, '- - - - queued - -'],
  [{ type: 'adopted', id: 'one', begun: BEGUN }, 'queued running paused - - - -'],
  [{ type: 'found', id: 'one' }, '- - - queued - - -'],
  [{ type: 'missed', id: 'one', need: 'file', error: null }, 'waiting - waiting waiting - - waiting'],
  [{ type: 'replaced', id: 'one', newKey: 'new-key', file: OTHER }, '- - - queued - - queued'],
  [{ type: 'stalled', id: 'one', reason: 'storage' }, '- running paused - - - -'],
  [stored, 'stored stored stored - - - -'],
  [failed('INTERNAL'), 'failed failed failed failed - - -'],
  [retried, '- - - - - - queued'],
]

describe('reduceUploads', () => {
  it.each(TABLE)('knows where $0.type leads from every phase', (event, row) => {
    const reached = PHASES.map((phase) => {
      const before = item({ phase, retryable: phase === 'failed', loaded: 7 })
      const result = after(before, event)
      return result === before ? '-' : result?.phase
    })
    expect(reached.join(' ')).toBe(row)
  })

  it('follows an upload to the end', () => {
    const end = after(
      item(),
      { type: 'started', id: 'one' },
      { type: 'progressed', id: 'one', progress: { phase: 'uploading', loaded: 500 } },
      { type: 'progressed', id: 'one', progress: { phase: 'finishing', loaded: 1000 } },
      stored,
    )
    expect(end).toMatchObject({ phase: 'stored', fileId: FILE, record: 'pending', error: null })
  })

  it('changes no other upload, and ignores events of one that was taken away', () => {
    const other = item({ id: 'other' })
    expect(reduceUploads([item(), other], { type: 'started', id: 'one' })[1]).toBe(other)
    const gone = reduceUploads([item()], { type: 'removed', ids: new Set(['one']) })
    expect(reduceUploads(gone, stored)).toEqual([])
  })

  it('keeps what was sent while it is paused', () => {
    const paused = after(
      item({ phase: 'running' }),
      { type: 'progressed', id: 'one', progress: { phase: 'uploading', loaded: 400 } },
      { type: 'paused', id: 'one' },
      { type: 'resumed', id: 'one' },
      { type: 'started', id: 'one' },
    )
    expect(paused).toMatchObject({ phase: 'running', stage: 'uploading', loaded: 400 })
  })

  it('keeps the words of a failure until it is tried again', () => {
    expect(after(item(), failed('STORE_UNAVAILABLE'))).toMatchObject({
      phase: 'failed',
      error: 'Words.',
      retryable: true,
    })
    expect(after(item(), failed('STORE_UNAVAILABLE'), retried)).toMatchObject({
      phase: 'queued',
      error: null,
    })
  })

  it.each(['STORE_UNAVAILABLE', 'INTERNAL', 'UPLOAD_INCOMPLETE', 'QUOTA_EXCEEDED'] as const)(
    'tries again with the same key after %s, so that nothing is stored twice',
    (code) => {
      expect(after(item(), failed(code), retried)).toMatchObject({
        idempotencyKey: 'first-key',
        goesOn: true,
      })
    },
  )

  it.each(['UPLOAD_ENDED', 'IDEMPOTENCY_KEY_REUSED', 'SIZE_MISMATCH', 'CHECKSUM_MISMATCH'] as const)(
    'tries again with a new key after %s',
    (code) => {
      expect(after(item(), failed(code), retried)).toMatchObject({
        idempotencyKey: 'second-key',
        goesOn: false,
      })
    },
  )

  it.each(['FILE_TOO_LARGE', 'TYPE_NOT_ALLOWED', 'FILE_AMBIGUOUS', 'CARD_NOT_FOUND'] as const)(
    'does not offer to repeat what %s has refused',
    (code) => {
      const refused = after(item(), failed(code))
      expect(refused?.retryable).toBe(false)
      expect(after(item(), failed(code), retried)).toMatchObject({ phase: 'failed' })
    },
  )
})

describe('percentOf', () => {
  it('never runs backwards from reading to sending to the end', () => {
    const running = (stage: UploadItem['stage'], loaded: number) => item({ phase: 'running', stage, loaded })
    const steps = [
      item(),
      running('hashing', 0),
      running('hashing', 1000),
      running('uploading', 0),
      running('uploading', 999),
      running('finishing', 1000),
      item({ phase: 'stored' }),
    ].map((step) => percentOf(step) ?? Number.NaN)
    expect(steps).toEqual([...steps].toSorted((a, b) => a - b))
    expect([steps.at(0), steps.at(-1)]).toEqual([0, 100])
  })

  it('does not pretend to know for an empty file', () => {
    expect(percentOf(item({ size: 0, phase: 'running', stage: 'uploading' }))).toBeNull()
  })
})

describe('isActive', () => {
  it('is over once stored or failed', () => {
    expect(PHASES.filter((phase) => isActive(item({ phase })))).toEqual([
      'queued',
      'running',
      'paused',
      'waiting',
      'offered',
    ])
  })
})
