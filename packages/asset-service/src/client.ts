/** The typed client of the Asset Service: what the BFF and workers import, and all they know of it. */
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import { createServiceFetch, type ServiceFetch } from '@studio/trpc-server/service-fetch'
import type { AssetServiceRouter } from './router.ts'

export interface AssetServiceClientOptions {
  /** Address of the Asset Service, without `/trpc`. */
  url: string
  /**
   * Headers of one request: `authorization` with a service token, `x-request-id` when there is one. `context` is what the
   * call was given, so that one client serves many identities.
   */
  headers: (call: { context: Readonly<Record<string, unknown>> }) => Promise<Record<string, string>>
  /** Connections to share with other clients. */
  fetch?: ServiceFetch
}

export type AssetServiceClient = TRPCClient<AssetServiceRouter>

/**
 * A client to keep: making one costs more than a call. POST for queries as well: a thousand ids do not fit into a URL.
 * Errors are `TRPCClientError`; `readWireError` of contracts gives their code.
 */
export function createAssetServiceClient(options: AssetServiceClientOptions): AssetServiceClient {
  return createTRPCClient<AssetServiceRouter>({
    links: [
      httpLink({
        url: `${options.url}/trpc`,
        methodOverride: 'POST',
        headers: ({ op }) => options.headers(op),
        fetch: options.fetch ?? createServiceFetch(),
      }),
    ],
  })
}
