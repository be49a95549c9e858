/** The typed client of the Asset Service: what the BFF and workers import, and all they know of it. */
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import type { AssetServiceRouter } from './router.ts'

export interface AssetServiceClientOptions {
  /** Address of the Asset Service, without `/trpc`. */
  url: string
  /** Headers of one request: `authorization` with a service token, `x-request-id` when there is one. */
  headers: () => Promise<Record<string, string>>
}

export type AssetServiceClient = TRPCClient<AssetServiceRouter>

/**
 * A client for one identity. POST for queries as well: a thousand ids do not fit into a URL.
 * Errors are `TRPCClientError`; `readWireError` of contracts gives their code.
 */
export function createAssetServiceClient(options: AssetServiceClientOptions): AssetServiceClient {
  return createTRPCClient<AssetServiceRouter>({
    links: [
      httpLink({
        url: `${options.url}/trpc`,
        methodOverride: 'POST',
        headers: options.headers,
      }),
    ],
  })
}
