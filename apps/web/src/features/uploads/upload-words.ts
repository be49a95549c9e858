/** What the tray says of uploads, in words. */
import {
  isActive,
  sentBytes,
  type UploadItem,
  type UploadStall,
} from '@studio/upload-client/queue/upload-item'
import { secondsLeft, type UploadTotals } from '@studio/upload-client/queue/transfer-rate'
import { countOf } from '../../ui/count-of.ts'
import { formatBytes } from '../../ui/format-bytes.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** `8 s left`, `3 min left`, `1 h 20 min left`: no finer than anybody can know. */
export function timeLeftInWords(seconds: number): string {
  if (seconds < MINUTE) return `${Math.max(1, seconds)} s left`
  const minutes = Math.ceil(seconds / MINUTE)
  if (minutes < 60) return `${minutes} min left`
  if (seconds >= 48 * HOUR) return `${Math.ceil(seconds / HOUR / 24)} days left`
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return rest === 0 ? `${hours} h left` : `${hours} h ${rest} min left`
}

/** `2.4 MB/s`. */
function speedInWords(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`
}

const joined = (...words: (string | null)[]) => words.filter((word) => word !== null).join(' · ')

function progressInWords(item: UploadItem): string {
  const sent = sentBytes(item)
  return sent === 0 ? formatBytes(item.size) : `${formatBytes(sent)} of ${formatBytes(item.size)}`
}

/** Of a file that the project has already. */
export function foundInWords(name: string, cardTitle: string | undefined): string {
  const where = cardTitle === undefined ? '' : ` on “${cardTitle}”`
  return `Already in this project as “${name}”${where}.`
}

/** Of all that are offered: `12 of 40 files are already here.` Where they were not added together, nobody counts the others. */
export function offersInWords(offered: readonly UploadItem[]): string {
  const among = new Set(offered.map(({ offer }) => offer?.among))
  const [all] = among
  const count = offered.length
  const others = among.size === 1 && all !== undefined && all > count ? ` of ${all.toLocaleString('en')}` : ''
  const files = others === '' ? countOf(count, 'file') : `${count.toLocaleString('en')}${others} files`
  return `${files} ${count === 1 ? 'is' : 'are'} already here.`
}

/** `Going on where you were: 62% there`. */
export function goingOnInWords({ size, continuedFrom }: UploadItem): string {
  return `Going on where you were: ${Math.floor(((continuedFrom ?? 0) / size) * 100)}% there`
}

function waitingInWords({ need, error, fromElsewhere }: UploadItem): string {
  if (error !== null) return `${error} Choose the file that was begun to continue.`
  if (need === 'changed') {
    return 'This file has changed since its upload began. Choose it again to upload it as it is now.'
  }
  if (need === 'permission') return 'Your browser asks before it reads this file again.'
  if (need === null) return 'Looking for the file'
  return fromElsewhere
    ? 'Begun on another device. Choose the file to continue, or discard it.'
    : 'Choose the file again to continue.'
}

/** Not an error: it goes on by itself. */
const STALLED_WORDS = {
  connection: 'Waiting for the connection…',
  storage: 'Waiting for storage…',
} as const satisfies Record<UploadStall, string>

function runningInWords(item: UploadItem, isOnline: boolean): string {
  if (!isOnline) return STALLED_WORDS.connection
  if (item.stalled !== null) return STALLED_WORDS[item.stalled]
  if (item.stage === 'finishing') return 'Finishing'
  if (item.continuedFrom && sentBytes(item) <= item.continuedFrom) return goingOnInWords(item)
  if (item.stage === 'hashing') return joined('Reading', formatBytes(item.size))
  return sentBytes(item) === 0 ? joined('Uploading', formatBytes(item.size)) : progressInWords(item)
}

/** How it stands with one upload, on a device that has a network or not. */
export function stateInWords(item: UploadItem, isOnline = true): string {
  switch (item.phase) {
    case 'queued':
      return joined('Waiting its turn', progressInWords(item))
    case 'running':
      return runningInWords(item, isOnline)
    case 'paused':
      return joined('Paused', progressInWords(item))
    case 'waiting':
      return waitingInWords(item)
    case 'offered':
      return 'Already in this project'
    case 'stored':
      return joined('Done', formatBytes(item.size))
    case 'failed':
      return item.error ?? 'Not uploaded'
  }
}

/** Speed and time left of one upload; empty while nobody can tell. */
export function paceInWords(item: UploadItem): string {
  const left = secondsLeft(item.size - sentBytes(item), item.speed)
  if (item.phase !== 'running' || item.speed === null || left === null || item.stalled !== null) return ''
  return joined(speedInWords(item.speed), timeLeftInWords(left))
}

/** As many uploads as go on by themselves. */
export function movingOf({ active, paused, waiting, offered }: UploadTotals): number {
  return active - paused - waiting - offered
}

/** The tray's title. */
export function totalsInWords(totals: UploadTotals): string {
  const { stored, failed, paused, waiting, offered } = totals
  const moving = movingOf(totals)
  if (moving > 0) return `Uploading ${countOf(moving, 'file')}`
  if (failed > 0) return `${countOf(failed, 'file')} not uploaded`
  if (waiting > 0) return `${countOf(waiting, 'upload')} to continue`
  if (offered > 0) return `${countOf(offered, 'file')} already here`
  if (paused > 0) return `${countOf(paused, 'upload')} paused`
  return `${countOf(stored, 'file')} uploaded`
}

/** What stands below the title. */
export function overviewInWords(totals: UploadTotals): string {
  const { size, sent, speed, failed } = totals
  if (movingOf(totals) === 0) return size === 0 ? '' : joined(formatBytes(sent), othersInWords(totals))
  return joined(
    `${formatBytes(sent)} of ${formatBytes(size)}`,
    speed === null || speed === 0 ? null : speedInWords(speed),
    totals.secondsLeft === null ? null : timeLeftInWords(totals.secondsLeft),
    failed > 0 ? `${failed} failed` : null,
  )
}

function othersInWords({ stored, active, failed }: UploadTotals): string | null {
  return stored > 0 && active + failed > 0 ? `${stored} done` : null
}

/** What a person has to see to first, then what moves, then the rest. */
const ORDER: Record<UploadItem['phase'], number> = {
  waiting: 0,
  failed: 0,
  offered: 0,
  running: 1,
  paused: 2,
  queued: 3,
  stored: 4,
}

/** In the order of the tray. */
export function inTrayOrder(items: readonly UploadItem[]): readonly UploadItem[] {
  return items.toSorted((one, other) => ORDER[one.phase] - ORDER[other.phase])
}

/** Does it need a person? */
export function needsPerson(item: UploadItem): boolean {
  return (
    item.phase === 'failed' || item.phase === 'offered' || (item.phase === 'waiting' && item.need !== null)
  )
}

/** Percent of all bytes that are to be sent; `null` when there are none. */
export function percentOfAll({ size, sent }: UploadTotals): number | null {
  return size === 0 ? null : Math.floor((sent / size) * 100)
}

/** Is it over, one way or the other? */
export function isOver(item: UploadItem): boolean {
  return !isActive(item)
}
