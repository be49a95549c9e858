/** Which URLs are kept, which are asked for, and when. */
import type { ResolvedUrl } from '@studio/contracts/delivery'
import type { FileId } from '@studio/contracts/file'
import { describe, expect, it } from 'vitest'
import {
  chunksOf,
  nextUrlRefresh,
  planUrlRefresh,
  URL_MARGIN_MS,
  URL_REFRESH_MIN_MS,
} from './plan-url-refresh.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')

function fileId(name: string): FileId {
  return name.padEnd(15, '0') as FileId
}

function served(name: string, remainingMs: number): ResolvedUrl {
  const expiresAt = new Date(NOW + remainingMs).toISOString()
  return { status: 'ok', fileId: fileId(name), url: `https://files.test/${name}`, expiresAt }
}

function refused(name: string): ResolvedUrl {
  return { status: 'error', fileId: fileId(name), code: 'FILE_NOT_FOUND' }
}

function knownOf(...answers: ResolvedUrl[]): Record<string, ResolvedUrl> {
  return Object.fromEntries(answers.map((answer) => [answer.fileId, answer]))
}

describe('planUrlRefresh', () => {
  it('asks for nothing but what is new', () => {
    const known = knownOf(served('a', 5 * 60_000))
    const { keep, ask } = planUrlRefresh([fileId('a'), fileId('b')], known, NOW)
    expect(Object.keys(keep)).toEqual([fileId('a')])
    expect(ask).toEqual([fileId('b')])
  })

  it('replaces a URL whose life is within the margin', () => {
    const known = knownOf(served('a', URL_MARGIN_MS), served('b', URL_MARGIN_MS + 1))
    expect(planUrlRefresh([fileId('a'), fileId('b')], known, NOW).ask).toEqual([fileId('a')])
  })

  it('asks again for what was refused', () => {
    expect(planUrlRefresh([fileId('a')], knownOf(refused('a')), NOW).ask).toEqual([fileId('a')])
  })

  it('forgets files that are no longer on the screen', () => {
    expect(planUrlRefresh([], knownOf(served('a', 5 * 60_000)), NOW)).toEqual({ keep: {}, ask: [] })
  })
})

describe('nextUrlRefresh', () => {
  it('comes before the first URL is within the margin', () => {
    const known = knownOf(served('a', 300_000), served('b', 200_000))
    expect(nextUrlRefresh(known, NOW)).toBe(200_000 - URL_MARGIN_MS)
  })

  it('asks again soon for what was refused', () => {
    expect(nextUrlRefresh(knownOf(served('a', 300_000), refused('b')), NOW)).toBe(URL_REFRESH_MIN_MS)
  })

  it('asks again soon when the first answer has not come', () => {
    expect(nextUrlRefresh({}, NOW)).toBe(URL_REFRESH_MIN_MS)
  })

  it('never runs wild, however far the clocks are apart', () => {
    expect(nextUrlRefresh(knownOf(served('a', -3_600_000)), NOW)).toBe(URL_REFRESH_MIN_MS)
  })

  it('plans every URL to be replaced before it ends', () => {
    for (let remaining = URL_MARGIN_MS + URL_REFRESH_MIN_MS; remaining < 600_000; remaining += 1_234) {
      const known = knownOf(served('a', remaining))
      const then = NOW + nextUrlRefresh(known, NOW)
      expect(planUrlRefresh([fileId('a')], known, then).ask).toEqual([fileId('a')])
      expect(NOW + remaining).toBeGreaterThan(then)
    }
  })
})

describe('chunksOf', () => {
  it('cuts 2,001 ids into three calls and loses none', () => {
    const ids = Array.from({ length: 2001 }, (_, index) => index)
    const chunks = chunksOf(ids, 1000)
    expect(chunks.map(({ length }) => length)).toEqual([1000, 1000, 1])
    expect(chunks.flat()).toEqual(ids)
  })

  it('makes no call for nothing', () => {
    expect(chunksOf([], 1000)).toEqual([])
  })
})
