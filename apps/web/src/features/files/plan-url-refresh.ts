/** Which short-lived URLs still serve, which to ask for, and when to ask again. */
import type { ResolvedUrl } from '@studio/contracts/delivery'
import type { FileId } from '@studio/contracts/file'

/** A URL with less life than this is replaced: a video that starts now should not stop at the first seek. */
export const URL_MARGIN_MS = 60_000

/** However wrong this device's clock is, the server is asked no more often than this. */
export const URL_REFRESH_MIN_MS = 30_000

export type KnownUrls = Readonly<Record<string, ResolvedUrl>>

function serves(answer: ResolvedUrl | undefined, now: number): answer is ResolvedUrl & { status: 'ok' } {
  return answer?.status === 'ok' && Date.parse(answer.expiresAt) - now > URL_MARGIN_MS
}

export interface UrlPlan {
  keep: Record<string, ResolvedUrl>
  ask: FileId[]
}

/** Splits the files into those whose URL still serves and those to ask for. Refusals are asked for again. */
export function planUrlRefresh(ids: readonly FileId[], known: KnownUrls, now: number): UrlPlan {
  const plan: UrlPlan = { keep: {}, ask: [] }
  for (const id of ids) {
    const answer = known[id]
    if (serves(answer, now)) plan.keep[id] = answer
    else plan.ask.push(id)
  }
  return plan
}

/** Milliseconds until the first of these needs to be asked for again; soon when nothing is known yet. */
export function nextUrlRefresh(known: KnownUrls, now: number): number {
  const due = Object.values(known).map((answer) =>
    answer.status === 'ok' ? Date.parse(answer.expiresAt) - URL_MARGIN_MS - now : URL_REFRESH_MIN_MS,
  )
  return due.length === 0 ? URL_REFRESH_MIN_MS : Math.max(URL_REFRESH_MIN_MS, Math.min(...due))
}

/** Cuts a list into pieces of at most `size`. */
export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
