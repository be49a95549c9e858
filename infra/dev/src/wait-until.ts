/** Waiting for a condition instead of for a time. */

import { setTimeout as delay } from 'node:timers/promises'
import { DevError } from './dev-error.ts'

export interface WaitOptions {
  /** What is waited for, as it reads after "waited for". */
  readonly what: string
  readonly deadlineMs: number
  readonly intervalMs?: number
  /** Ends the waiting early, with its reason thrown. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks again and again until the condition holds, and answers what it answered.
 * Throws a {@link DevError} when the deadline passes first; whatever the condition throws is passed on.
 */
export async function waitUntil<T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const deadline = Date.now() + options.deadlineMs
  for (;;) {
    options.signal?.throwIfAborted()
    const answer = await condition()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() >= deadline) {
      throw new DevError(`Waited ${Math.round(options.deadlineMs / 1000)} s for ${options.what}, in vain.`)
    }
    await delay(options.intervalMs ?? 25)
  }
}

/** Whether the address answers with the wanted status; false while nothing listens there. */
export async function answersWith(url: string, status: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' })
    await response.body?.cancel()
    return response.status === status
  } catch {
    return false
  }
}
