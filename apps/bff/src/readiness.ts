/** When the BFF is fit to be sent requests. */
import type { ServiceFetch } from '@studio/trpc-server/service-fetch'

export interface ReadinessOptions {
  pocketbaseUrl: string
  assetServiceUrl: string
  fetch: ServiceFetch
}

const TIMEOUT_MS = 2_000

/**
 * Ready is: the Asset Service is reachable, and PocketBase has answered at least once since the start. A PocketBase that
 * goes away later does not count: every replica would leave the load balancer at once, and uploads, which go on without
 * it (session.ts), would fail. The Asset Service is asked whether it is alive and not whether it is ready: records are
 * served without its store and its registry, and it says itself, in typed errors, what it cannot do.
 */
export function createReadinessCheck(options: ReadinessOptions): () => Promise<void> {
  let pocketbaseAnswered = false

  async function requireOk(url: string): Promise<void> {
    const response = await options.fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new TypeError(`${url} answered ${response.status}`)
  }

  async function requirePocketBaseOnce(): Promise<void> {
    if (pocketbaseAnswered) return
    await requireOk(`${options.pocketbaseUrl}/api/health`)
    pocketbaseAnswered = true
  }

  return async () => {
    await Promise.all([requireOk(`${options.assetServiceUrl}/healthz`), requirePocketBaseOnce()])
  }
}
