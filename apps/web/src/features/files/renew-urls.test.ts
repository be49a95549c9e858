/** That a store that is away is not asked for new URLs without end. */
import type { FileId } from '@studio/contracts/file'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRenewals, GATHER_MS, ROUND_GAP_MS } from './renew-urls.ts'

const A = 'a00000000000000' as FileId
const B = 'b00000000000000' as FileId

describe('createRenewals', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('renews all that fail together in one round, each once', () => {
    const rounds: FileId[][] = []
    const report = createRenewals((fileIds) => rounds.push(fileIds))
    report(A)
    report(B)
    report(A)
    expect(rounds).toEqual([])
    vi.advanceTimersByTime(GATHER_MS)
    expect(rounds).toEqual([[A, B]])
  })

  it('waits before the next round while the new URLs fail as well', () => {
    const rounds: number[] = []
    const start = Date.now()
    const report = createRenewals(() => {
      rounds.push(Date.now() - start)
      report(A)
    })
    report(A)
    vi.advanceTimersByTime(GATHER_MS + 3 * ROUND_GAP_MS)
    expect(rounds).toEqual([0, 1, 2, 3].map((round) => GATHER_MS + round * ROUND_GAP_MS))
  })

  it('renews at once what fails after a long while', () => {
    const rounds: FileId[][] = []
    const report = createRenewals((fileIds) => rounds.push(fileIds))
    report(A)
    vi.advanceTimersByTime(GATHER_MS + ROUND_GAP_MS)
    report(B)
    vi.advanceTimersByTime(GATHER_MS)
    expect(rounds).toEqual([[A], [B]])
  })
})
