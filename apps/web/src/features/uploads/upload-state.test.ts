/** What each event makes of the page's uploads. */
import type { CardId } from '@studio/contracts/card'
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import { describe, expect, it } from 'vitest'
import { isActive, percentOf, reduceUploads, type UploadEvent, type UploadItem } from './upload-state.ts'

const FILE = 'file00000000000' as FileId

function item(change: Partial<UploadItem> = {}): UploadItem {
  return {
    id: 'one',
    projectId: 'project00000000' as ProjectId,
    cardId: 'card00000000000' as CardId,
    name: 'photo.jpg',
    size: 1000,
    phase: 'queued',
    loaded: 0,
    idempotencyKey: 'first-key',
    error: null,
    retryable: false,
    fileId: null,
    record: null,
    ...change,
  }
}

const after = (from: UploadItem, ...events: UploadEvent[]) =>
  events.reduce<readonly UploadItem[]>(reduceUploads, [from])[0]

const failed = (code: Extract<UploadEvent, { type: 'failed' }>['code']): UploadEvent => ({
  type: 'failed',
  id: 'one',
  code,
  message: 'Words.',
})
const retried: UploadEvent = { type: 'retried', id: 'one', newKey: 'second-key' }

describe('reduceUploads', () => {
  it('follows an upload to the end', () => {
    const stored = after(
      item(),
      { type: 'started', id: 'one' },
      { type: 'progressed', id: 'one', phase: 'uploading', loaded: 500 },
      { type: 'progressed', id: 'one', phase: 'finishing', loaded: 1000 },
      { type: 'stored', id: 'one', file: { fileId: FILE, record: 'pending' } },
    )
    expect(stored).toMatchObject({ phase: 'stored', fileId: FILE, record: 'pending', error: null })
  })

  it('changes no other upload', () => {
    const other = item({ id: 'other' })
    const items = reduceUploads([item(), other], { type: 'started', id: 'one' })
    expect(items[1]).toBe(other)
  })

  it('ignores events of an upload that was taken away', () => {
    const gone = reduceUploads([item()], { type: 'removed', id: 'one' })
    expect(
      reduceUploads(gone, { type: 'stored', id: 'one', file: { fileId: FILE, record: 'written' } }),
    ).toEqual([])
  })

  it('keeps the words of a failure until it is tried again', () => {
    const after1 = after(item(), failed('STORE_UNAVAILABLE'))
    expect(after1).toMatchObject({ phase: 'failed', error: 'Words.', retryable: true, loaded: 0 })
    expect(after(item(), failed('STORE_UNAVAILABLE'), retried)).toMatchObject({
      phase: 'queued',
      error: null,
    })
  })

  it.each(['STORE_UNAVAILABLE', 'UNREACHABLE', 'INTERNAL', 'UPLOAD_INCOMPLETE'] as const)(
    'tries again with the same key after %s, so that nothing is stored twice',
    (code) => {
      expect(after(item(), failed(code), retried)?.idempotencyKey).toBe('first-key')
    },
  )

  it.each(['UPLOAD_ENDED', 'IDEMPOTENCY_KEY_REUSED', 'SIZE_MISMATCH', 'CHECKSUM_MISMATCH'] as const)(
    'tries again with a new key after %s',
    (code) => {
      expect(after(item(), failed(code), retried)?.idempotencyKey).toBe('second-key')
    },
  )

  it.each(['FILE_TOO_LARGE', 'TYPE_NOT_ALLOWED', 'CARD_NOT_FOUND'] as const)(
    'does not offer to repeat what %s has refused',
    (code) => {
      const refused = after(item(), failed(code))
      expect(refused?.retryable).toBe(false)
      expect(after(item(), failed(code), retried)).toEqual(refused)
    },
  )

  it('takes only stored uploads away when their files appear', () => {
    const appeared: UploadEvent = { type: 'appeared', fileIds: new Set([FILE]) }
    expect(reduceUploads([item({ phase: 'stored', fileId: FILE })], appeared)).toEqual([])
    const waiting = [
      item({ phase: 'stored', fileId: 'other0000000000' as FileId }),
      item({ phase: 'uploading' }),
    ]
    expect(reduceUploads(waiting, appeared)).toEqual(waiting)
  })
})

describe('percentOf', () => {
  it('never runs backwards from reading to sending', () => {
    const steps = [
      item({ phase: 'queued' }),
      item({ phase: 'hashing', loaded: 0 }),
      item({ phase: 'hashing', loaded: 1000 }),
      item({ phase: 'uploading', loaded: 0 }),
      item({ phase: 'uploading', loaded: 999 }),
      item({ phase: 'uploading', loaded: 1000 }),
      item({ phase: 'finishing', loaded: 1000 }),
    ].map((step) => percentOf(step) ?? Number.NaN)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
    expect(steps.at(0)).toBe(0)
    expect(steps.at(-1)).toBe(100)
  })

  it('does not pretend to know for an empty file', () => {
    expect(percentOf(item({ size: 0, phase: 'uploading' }))).toBeNull()
  })
})

describe('isActive', () => {
  it('is over once stored or failed', () => {
    expect(
      ['queued', 'hashing', 'uploading', 'finishing', 'stored', 'failed'].map((phase) =>
        isActive(item({ phase: phase as UploadItem['phase'] })),
      ),
    ).toEqual([true, true, true, true, false, false])
  })
})
