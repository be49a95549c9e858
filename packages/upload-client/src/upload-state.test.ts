import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import type { DirectTransport, MultipartTransport, StoredFile, TusTransport } from '@studio/contracts/upload'
import { progressOf } from './upload-progress.ts'
import { MAX_ROUNDS, nextUploadState, type UploadEvent, type UploadState } from './upload-state.ts'

const SIZE = 1_000
const sha256 = 'a'.repeat(64)
const fileId = 'abcdefghijklmno' as FileId
const file = { fileId, size: SIZE, sha256 } as StoredFile
const error = new StudioError('STORE_UNAVAILABLE')
const multipart: MultipartTransport = { kind: 'multipart', partSize: 100, partCount: 10 }
const tus: TusTransport = { kind: 'tus', url: '/tus/abcdefghijklmno' }
const transport = { kind: 'direct', url: 'https://store.test/' } as DirectTransport

const events: fc.Arbitrary<UploadEvent> = fc.oneof(
  fc.integer({ min: 0, max: 2 * SIZE }).map((loaded) => ({ name: 'progress' as const, loaded })),
  fc.constantFrom<UploadEvent>(
    { name: 'hashed', sha256 },
    { name: 'begun', fileId, transport },
    { name: 'begun', fileId, transport: multipart },
    { name: 'begun', fileId, transport: tus },
    { name: 'checksum-required', error },
    { name: 'parts-sent', partDigests: [sha256] },
    { name: 'sent' },
    { name: 'unanswered', error },
    { name: 'busy', error },
    { name: 'missing', error },
    { name: 'stored', file },
    { name: 'failed', error },
    { name: 'abort' },
    { name: 'aborted' },
  ),
)
const starts = fc.constantFrom<UploadState>(
  { name: 'hashing', transport: 'inline', size: SIZE, loaded: 0 },
  { name: 'hashing', transport: 'direct', size: SIZE, loaded: 0 },
  { name: 'beginning', size: SIZE, sha256: undefined, round: 1, fileId: undefined },
)

/** All states that a run of events passes through, the first included. */
function walk(start: UploadState, run: readonly UploadEvent[]): UploadState[] {
  const states = [start]
  for (const event of run) states.push(nextUploadState(states.at(-1) ?? start, event))
  return states
}

function forEveryStep(check: (before: UploadState, event: UploadEvent, after: UploadState) => void): void {
  fc.assert(
    fc.property(starts, fc.array(events, { maxLength: 40 }), (start, run) => {
      const states = walk(start, run)
      for (const [index, event] of run.entries()) {
        const [before, after] = states.slice(index, index + 2)
        if (before !== undefined && after !== undefined) check(before, event, after)
      }
    }),
    { numRuns: 1_000 },
  )
}

const isEnd = ({ name }: UploadState) => name === 'stored' || name === 'failed' || name === 'aborted'

describe('the states of an upload', () => {
  it('never leave an end', () => {
    forEveryStep((before, _, after) => {
      if (isEnd(before)) expect(after).toBe(before)
    })
  })

  it('reach stored only by a server that says so, and never from bytes alone', () => {
    forEveryStep((before, event, after) => {
      if (after.name !== 'stored' || before.name === 'stored') return
      expect(event.name).toBe('stored')
      expect(['beginning', 'sending-inline', 'completing', 'aborting']).toContain(before.name)
    })
  })

  it('stop at any moment: at once before anything was sent, else by telling the server', () => {
    forEveryStep((before, event, after) => {
      if (event.name !== 'abort' || isEnd(before)) return
      expect(after.name).toBe(before.name === 'hashing' ? 'aborted' : 'aborting')
      const known = 'fileId' in before ? before.fileId : undefined
      if (after.name === 'aborting') expect(after.fileId).toBe(known)
    })
  })

  it('send nothing more after an abort', () => {
    fc.assert(
      fc.property(starts, fc.array(events), fc.array(events), (start, before, after) => {
        const states = walk(start, [...before, { name: 'abort' }, ...after]).slice(before.length + 1)
        for (const { name } of states) expect(['aborting', 'aborted', 'stored', 'failed']).toContain(name)
      }),
    )
  })

  it('complete with the digests of the parts exactly when the file went in parts', () => {
    forEveryStep((before, event, after) => {
      if (after.name !== 'completing' || before.name === 'completing') return
      expect(event.name === 'parts-sent' ? ['sending-parts'] : ['sending', 'sending-tus']).toContain(
        before.name,
      )
      expect(after.partDigests).toEqual(event.name === 'parts-sent' ? [sha256] : undefined)
    })
  })

  it('hash the whole file once at most when the server asks for it', () => {
    const asked: UploadEvent = { name: 'checksum-required', error }
    const start: UploadState = {
      name: 'beginning',
      size: SIZE,
      sha256: undefined,
      round: 1,
      fileId: undefined,
    }
    const states = walk(start, [asked, { name: 'hashed', sha256 }, asked])
    expect(states.map(({ name }) => name)).toEqual(['beginning', 'hashing', 'beginning', 'failed'])
  })

  it('send the bytes a bounded number of times', () => {
    forEveryStep((_before, _event, after) => {
      if ('round' in after) expect(after.round).toBeLessThanOrEqual(MAX_ROUNDS)
    })
    const round: UploadEvent[] = [
      { name: 'begun', fileId, transport },
      { name: 'missing', error },
    ]
    const start: UploadState = { name: 'beginning', size: SIZE, sha256, round: 1, fileId: undefined }
    const last = walk(start, Array(MAX_ROUNDS).fill(round).flat()).at(-1)
    expect(last).toEqual({ name: 'failed', error, fileId })
  })

  it('count bytes forwards and never past the end while they stay in one state', () => {
    forEveryStep((before, _, after) => {
      const [from, to] = [progressOf(before), progressOf(after)]
      if (to === undefined) return
      expect(to.loaded).toBeLessThanOrEqual(to.total)
      if (before.name === after.name && from !== undefined)
        expect(to.loaded).toBeGreaterThanOrEqual(from.loaded)
    })
  })

  it.each<[string, UploadEvent[]]>([
    ['the store could not take the bytes', [{ name: 'busy', error }]],
    [
      'nobody answered to the bytes',
      [
        { name: 'unanswered', error },
        { name: 'missing', error },
      ],
    ],
  ])('count no round when %s', (_, events) => {
    const start: UploadState = { name: 'beginning', size: SIZE, sha256, round: MAX_ROUNDS, fileId }
    expect(walk(start, [{ name: 'begun', fileId, transport }, ...events]).at(-1)).toEqual(start)
  })

  it.each([
    ['direct', 'sending', transport],
    ['multipart', 'sending-parts', multipart],
    ['tus', 'sending-tus', tus],
  ] as const)('send by %s when the server says so', (_, name, given) => {
    const start: UploadState = { name: 'beginning', size: SIZE, sha256, round: 1, fileId: undefined }
    expect(nextUploadState(start, { name: 'begun', fileId, transport: given })).toEqual({
      name,
      size: SIZE,
      sha256,
      round: 1,
      fileId,
      transport: given,
      loaded: 0,
    })
  })

  it('reach completion by tus through an answer that the last byte arrived, and nothing else', () => {
    forEveryStep((before, event, after) => {
      if (before.name !== 'sending-tus') return
      if (after.name === 'completing') expect(event.name).toBe('sent')
      expect(['sending-tus', 'completing', 'beginning', 'failed', 'aborting']).toContain(after.name)
    })
  })
})
