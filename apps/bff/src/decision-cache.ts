/** Remembers what an authority decided: for moments while it answers, for minutes while it does not. */
import { StudioError } from '@studio/contracts/studio-error'

export interface DecisionCacheOptions {
  /** Milliseconds; the clock is a parameter so that tests can turn it. */
  now: () => number
  maxEntries: number
  /** How long a decision is used without asking again. */
  freshMs?: number
  /** How long a decision is used while the authority does not answer: nobody can revoke anything meanwhile. */
  staleMs?: number
  /** How long after a question without an answer the authority is left alone, so that waiting does not add up. */
  retryMs?: number
}

export interface DecisionCache<Decision> {
  /**
   * The decision for this key: the remembered one while it is fresh, otherwise what `ask` answers. When `ask` rejects
   * with `RECORDS_UNAVAILABLE`, the last decision that is not too old; when it rejects otherwise, the decision is
   * forgotten and the error passed on. Everyone who asks at the same time waits for one `ask`.
   */
  get(key: string, ask: () => Promise<Decision>): Promise<Decision>
  /** Takes note of a decision that the authority made as part of another answer. */
  remember(key: string, decision: Decision): void
  /** Takes note that the authority refused what it allowed before. */
  forget(key: string): void
}

interface Entry<Decision> {
  decision: Decision
  confirmedAt: number
  askAgainAt: number
}

const FRESH_MS = 10_000
const STALE_MS = 10 * 60_000
const RETRY_MS = 1_000

/** Creates an empty cache; when it is full, the decision that was not used for longest goes. */
export function createDecisionCache<Decision>(options: DecisionCacheOptions): DecisionCache<Decision> {
  const { now, maxEntries, freshMs = FRESH_MS, staleMs = STALE_MS, retryMs = RETRY_MS } = options
  // A Map iterates in the order of insertion: what is read or written is put to its end.
  const entries = new Map<string, Entry<Decision>>()
  const asked = new Map<string, Promise<Decision>>()

  function put(key: string, entry: Entry<Decision>): void {
    entries.delete(key)
    entries.set(key, entry)
    const oldest = entries.size > maxEntries ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
  }

  function remember(key: string, decision: Decision): void {
    put(key, { decision, confirmedAt: now(), askAgainAt: now() + freshMs })
  }

  async function settle(key: string, ask: () => Promise<Decision>): Promise<Decision> {
    try {
      const decision = await ask()
      remember(key, decision)
      return decision
    } catch (error) {
      const entry = entries.get(key)
      const authorityIsAway = error instanceof StudioError && error.code === 'RECORDS_UNAVAILABLE'
      if (entry !== undefined && authorityIsAway && now() < entry.confirmedAt + staleMs) {
        entry.askAgainAt = now() + retryMs
        return entry.decision
      }
      if (!authorityIsAway) entries.delete(key)
      throw error
    }
  }

  function askOnce(key: string, ask: () => Promise<Decision>): Promise<Decision> {
    const running = asked.get(key)
    if (running !== undefined) return running
    const question = settle(key, ask).finally(() => asked.delete(key))
    asked.set(key, question)
    return question
  }

  return {
    remember,
    forget: (key) => void entries.delete(key),
    async get(key, ask) {
      const entry = entries.get(key)
      if (entry === undefined || now() >= entry.askAgainAt) return askOnce(key, ask)
      put(key, entry)
      return entry.decision
    },
  }
}
