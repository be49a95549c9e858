/** The public addresses and limits that the BFF serves, kept for the tab and asked for again when they may be stale. */
import {
  RUNTIME_CONFIG_PATH,
  runtimeConfigSchema,
  type RuntimeConfig,
} from '@studio/contracts/runtime-config'
import { z } from 'zod'

const STORAGE_KEY = 'studio.runtime-config'

/** A reload within this time starts without waiting for the BFF. */
export const CONFIG_MAX_AGE_MS = 10 * 60_000

/** Many calls fail at once when a server goes away; they need one answer. */
export const CONFIG_REFRESH_GAP_MS = 5_000

const keptSchema = z.object({ fetchedAt: z.number(), config: runtimeConfigSchema })
type Kept = z.infer<typeof keptSchema>

export interface RuntimeConfigSource {
  storage: Pick<Storage, 'getItem' | 'setItem'>
  fetchConfig: () => Promise<unknown>
  now: () => number
}

export interface RuntimeConfigCache {
  /** The configuration in force. Rejects only when none was ever heard of and the BFF does not answer. */
  load: () => Promise<RuntimeConfig>
  /** For when a call failed to reach: asks again, at most once in `CONFIG_REFRESH_GAP_MS`. Never rejects. */
  refresh: () => Promise<RuntimeConfig | undefined>
}

/** Asks the BFF; past the HTTP cache, which would repeat the address that just failed. */
export async function fetchRuntimeConfig(): Promise<unknown> {
  const response = await fetch(RUNTIME_CONFIG_PATH, { cache: 'no-cache' })
  if (!response.ok) throw new TypeError(`The configuration answered ${response.status}`)
  return response.json()
}

/** Makes the cache over the tab's storage. */
export function createRuntimeConfigCache(source: RuntimeConfigSource): RuntimeConfigCache {
  let lastAsked = Number.NEGATIVE_INFINITY
  let asking: Promise<RuntimeConfig> | undefined

  async function ask(): Promise<RuntimeConfig> {
    lastAsked = source.now()
    const config = runtimeConfigSchema.parse(await source.fetchConfig())
    keep(source.storage, { fetchedAt: source.now(), config })
    return config
  }

  function askOnce(): Promise<RuntimeConfig> {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  return {
    async load() {
      const kept = readKept(source.storage)
      if (kept !== undefined && isFresh(kept, source.now())) return kept.config
      try {
        return await askOnce()
      } catch (error) {
        // An old address is more likely right than no address.
        if (kept !== undefined) return kept.config
        throw error
      }
    },
    async refresh() {
      const kept = readKept(source.storage)?.config
      if (source.now() - lastAsked < CONFIG_REFRESH_GAP_MS && asking === undefined) return kept
      return askOnce().catch(() => kept)
    },
  }
}

function isFresh(kept: Kept, now: number): boolean {
  // A clock that was set back makes an entry look as if it came from the future.
  return kept.fetchedAt <= now && now - kept.fetchedAt < CONFIG_MAX_AGE_MS
}

function readKept(storage: RuntimeConfigSource['storage']): Kept | undefined {
  try {
    return keptSchema.parse(JSON.parse(storage.getItem(STORAGE_KEY) ?? 'null'))
  } catch {
    return undefined
  }
}

function keep(storage: RuntimeConfigSource['storage'], kept: Kept): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify(kept))
  } catch {
    // Full or forbidden storage costs the next reload one request.
  }
}
