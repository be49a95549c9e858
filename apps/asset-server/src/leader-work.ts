/** Runs work on one of the replicas that share a database; when that one goes, another takes over. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Lead, Leadership } from '@studio/asset-service/ports/leadership'
import { startRecurringWork, type RecurringWork } from './background.ts'

export interface LeaderWork {
  leadership: Leadership
  works: readonly RecurringWork[]
  /** How long a lead that fell free may stay free. */
  askEveryMs: number
  onError: (error: unknown, doing: string) => void
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Works while the lead is held; gives it up only when nothing is under way any more. */
async function workWhile(lead: Lead, works: readonly RecurringWork[], stopping: AbortSignal): Promise<void> {
  const ends = works.map((work) => startRecurringWork(work))
  await untilAborted(AbortSignal.any([lead.lost, stopping]))
  await Promise.all(ends.map((end) => end()))
  await lead.release()
}

/** Asks for the lead until it is given; the returned function ends the work and frees the lead. */
export function startLeaderWork({ leadership, works, askEveryMs, onError }: LeaderWork): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const lead = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const held = await leadership.tryLead()
        if (held !== undefined) await workWhile(held, works, signal)
      } catch (error) {
        onError(error, 'asking for the lead')
      }
      await pause(askEveryMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const underWay = lead()
  return async () => {
    stopping.abort()
    await underWay
  }
}
