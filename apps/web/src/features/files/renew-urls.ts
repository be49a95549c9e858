/** Has URLs that do not serve replaced: many at once, and not again and again while the store is away. */
import type { FileId } from '@studio/contracts/file'

/** Pictures that fail together are reported within this time. */
export const GATHER_MS = 50

/** Between two rounds. */
export const ROUND_GAP_MS = 15_000

/** Takes the report that a file's URL does not serve. */
export type Renewals = (fileId: FileId) => void

/** `renew` is called with all files reported since the last round. */
export function createRenewals(renew: (fileIds: FileId[]) => void): Renewals {
  const reported = new Set<FileId>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastRound = Number.NEGATIVE_INFINITY

  function runRound(): void {
    timer = undefined
    lastRound = Date.now()
    const fileIds = [...reported]
    reported.clear()
    renew(fileIds)
  }

  return (fileId) => {
    reported.add(fileId)
    timer ??= setTimeout(runRound, Math.max(GATHER_MS, lastRound + ROUND_GAP_MS - Date.now()))
  }
}
