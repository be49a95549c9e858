/** That the tray's words say what is, and no more than anybody can know. */
import type { FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import type { StoredFile } from '@studio/contracts/upload'
import { queuedItem } from '@studio/upload-client/queue/queued-file'
import type { UploadTotals } from '@studio/upload-client/queue/transfer-rate'
import type { UploadItem } from '@studio/upload-client/queue/upload-item'
import { describe, expect, it } from 'vitest'
import {
  foundInWords,
  inTrayOrder,
  offersInWords,
  overviewInWords,
  paceInWords,
  stateInWords,
  timeLeftInWords,
  totalsInWords,
} from './upload-words.ts'
import { pastedName } from './use-paste-files.ts'

const MIB = 1024 * 1024

function item(change: Partial<UploadItem>): UploadItem {
  const place = { target: { projectId: 'project00000000' as ProjectId }, place: 'Project' }
  return { ...queuedItem(place, { source: new Blob([]), name: 'a.mov' }), size: 12 * MIB, ...change }
}

const STORED: StoredFile = {
  fileId: 'file00000000000' as FileId,
  name: 'a.mov',
  mimeType: 'video/quicktime',
  size: 12 * MIB,
  sha256: null,
  width: null,
  height: null,
  record: 'written',
}

const NONE: UploadTotals = {
  files: 0,
  active: 0,
  stored: 0,
  failed: 0,
  paused: 0,
  waiting: 0,
  offered: 0,
  size: 0,
  sent: 0,
  speed: null,
  secondsLeft: null,
}

describe('timeLeftInWords', () => {
  it.each([
    [0, '1 s left'],
    [59, '59 s left'],
    [61, '2 min left'],
    [3600, '1 h left'],
    [3601, '1 h 1 min left'],
    [86_400 * 3, '3 days left'],
  ])('says %i seconds as people do', (seconds, words) => {
    expect(timeLeftInWords(seconds)).toBe(words)
  })
})

describe('the words of one upload', () => {
  const running = { phase: 'running', stage: 'uploading', loaded: 3 * MIB } as const
  it.each<[Partial<UploadItem>, string]>([
    [{}, 'Waiting its turn · 12 MB'],
    [{ phase: 'running' }, 'Reading · 12 MB'],
    [{ ...running, loaded: 0 }, 'Uploading · 12 MB'],
    [running, '3 MB of 12 MB'],
    [{ ...running, stage: 'finishing' }, 'Finishing'],
    [{ ...running, stalled: 'connection' }, 'Waiting for the connection…'],
    [{ ...running, stalled: 'storage' }, 'Waiting for storage…'],
    [{ ...running, continuedFrom: 6 * MIB }, 'Going on where you were: 50% there'],
    [{ ...running, continuedFrom: MIB }, '3 MB of 12 MB'],
    [{ ...running, continuedFrom: 0 }, '3 MB of 12 MB'],
    [{ ...running, phase: 'paused' }, 'Paused · 3 MB of 12 MB'],
    [{ phase: 'waiting', need: 'file' }, 'Choose the file again to continue.'],
    [{ phase: 'waiting', need: 'permission' }, 'Your browser asks before it reads this file again.'],
    [
      { phase: 'waiting', need: 'file', fromElsewhere: true },
      'Begun on another device. Choose the file to continue, or discard it.',
    ],
    [
      { phase: 'waiting', need: 'changed' },
      'This file has changed since its upload began. Choose it again to upload it as it is now.',
    ],
    [{ phase: 'offered' }, 'Already in this project'],
    [{ phase: 'stored' }, 'Done · 12 MB'],
    [{ phase: 'failed', error: 'Words.' }, 'Words.'],
  ])('say how it stands: %o', (change, words) => {
    expect(stateInWords(item(change))).toBe(words)
  })

  it('know that a device without a network waits, and that what is paused does not', () => {
    expect(stateInWords(item(running), false)).toBe('Waiting for the connection…')
    expect(stateInWords(item({ ...running, phase: 'paused' }), false)).toBe('Paused · 3 MB of 12 MB')
  })

  it('tell the pace only of what moves', () => {
    expect(paceInWords(item({ ...running, speed: 3 * MIB }))).toBe('3 MB/s · 3 s left')
    expect(paceInWords(item({ ...running, speed: 0 }))).toBe('')
    expect(paceInWords(item({ ...running, phase: 'paused', speed: 3 * MIB }))).toBe('')
  })
})

describe('the words of all', () => {
  it.each<[Partial<UploadTotals>, string]>([
    [{ active: 3, paused: 1 }, 'Uploading 2 files'],
    [{ active: 1, waiting: 1, failed: 1 }, '1 file not uploaded'],
    [{ active: 2, waiting: 2 }, '2 uploads to continue'],
    [{ active: 2, offered: 1 }, 'Uploading 1 file'],
    [{ active: 2, offered: 1, paused: 1 }, '1 file already here'],
    [{ active: 1, paused: 1 }, '1 upload paused'],
    [{ stored: 2000 }, '2,000 files uploaded'],
  ])('put first what matters: %o', (totals, words) => {
    expect(totalsInWords({ ...NONE, ...totals })).toBe(words)
  })

  it('tell speed, time and failures while something moves', () => {
    const totals = {
      ...NONE,
      active: 1,
      failed: 2,
      size: 12 * MIB,
      sent: 3 * MIB,
      speed: MIB,
      secondsLeft: 9,
    }
    expect(overviewInWords(totals)).toBe('3 MB of 12 MB · 1 MB/s · 9 s left · 2 failed')
  })
})

describe('the words of what is here already', () => {
  const offered = (count: number, among: number) =>
    Array.from({ length: count }, () => item({ phase: 'offered', offer: { file: STORED, among } }))

  it('say what it is called, and on which card it is', () => {
    expect(foundInWords('a.mov', 'Moodboard')).toBe('Already in this project as “a.mov” on “Moodboard”.')
    expect(foundInWords('a.mov', undefined)).toBe('Already in this project as “a.mov”.')
  })

  it('count it among what was added with it, as far as that is one number', () => {
    expect(offersInWords(offered(12, 40))).toBe('12 of 40 files are already here.')
    expect(offersInWords(offered(1, 2))).toBe('1 of 2 files is already here.')
    expect(offersInWords(offered(3, 3))).toBe('3 files are already here.')
    expect(offersInWords([...offered(2, 40), ...offered(1, 7)])).toBe('3 files are already here.')
  })
})

describe('the order of the tray', () => {
  it('begins with what needs somebody, keeps the order of adding within, and ends with what is done', () => {
    const phases: UploadItem['phase'][] = ['stored', 'queued', 'running', 'failed', 'running', 'waiting']
    const items = phases.map((phase, index) => item({ phase, id: String(index) }))
    expect(inTrayOrder(items).map(({ id }) => id)).toEqual(['3', '5', '2', '4', '1', '0'])
  })
})

describe('a pasted picture', () => {
  it('is called after its instant, and keeps a name that somebody gave it', () => {
    const at = new Date(2026, 10, 2, 9, 5, 7)
    expect(pastedName('image.png', at)).toBe('Pasted 2026-11-02 at 09.05.07.png')
    expect(pastedName('Aurora.png', at)).toBe('Aurora.png')
  })
})
