/** The typed client of the BFF: what a browser has, without the browser. */
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import type { AppRouter } from '@studio/bff/router'
import {
  RUNTIME_CONFIG_PATH,
  runtimeConfigSchema,
  type RuntimeConfig,
} from '@studio/contracts/runtime-config'
import { DemoError } from './demo-error.ts'

export type BffClient = TRPCClient<AppRouter>

/** A client that acts as the person whose PocketBase token this is. */
export function createBffClient(bffUrl: string, token: string): BffClient {
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${bffUrl}/trpc`, headers: { authorization: `Bearer ${token}` } })],
  })
}

/** What the BFF tells every browser at start. */
export async function fetchRuntimeConfig(bffUrl: string): Promise<RuntimeConfig> {
  const url = `${bffUrl}${RUNTIME_CONFIG_PATH}`
  try {
    const response = await fetch(url)
    return runtimeConfigSchema.parse(await response.json())
  } catch (thrown) {
    throw new DemoError(`The BFF does not answer at ${url}: ${String(thrown)}`, { cause: thrown })
  }
}
