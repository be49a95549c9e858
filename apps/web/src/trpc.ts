/** The typed client of the BFF, and what happens to every answer of it: sign-in lost, server out of reach. */
import type { AppRouter } from '@studio/bff/router'
import { readWireError } from '@studio/contracts/studio-error'
import { QueryClient } from '@tanstack/react-query'
import {
  httpBatchLink,
  httpLink,
  isNonJsonSerializable,
  splitLink,
  type TRPCClient,
  type TRPCLink,
} from '@trpc/client'
import { createTRPCReact } from '@trpc/react-query'
import { observable } from '@trpc/server/observable'
import { describeError } from './describe-error.ts'

export const trpc = createTRPCReact<AppRouter>()

/** Operations with this context travel alone: a large upload's `complete` keeps no screen waiting. */
export const ALONE = { alone: true } as const

const MAX_RETRIES = 2

export interface TrpcClientOptions {
  /** The PocketBase token of who is signed in; empty when nobody is. */
  readToken: () => string
  /** The server does not accept this token (any more). */
  onUnauthenticated: (token: string) => void
  onUnreachable: () => void
}

function observeErrors(options: TrpcClientOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const token = options.readToken()
        return next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => {
            const code = readWireError(error)?.code
            if (code === 'UNAUTHENTICATED') options.onUnauthenticated(token)
            else if (code === undefined && op.signal?.aborted !== true) options.onUnreachable()
            observer.error(error)
          },
        })
      })
}

/** Makes the client: forms and uploads alone, everything else batched, all as POST since a thousand ids fit no URL. */
export function createTrpcClient(options: TrpcClientOptions): TRPCClient<AppRouter> {
  const http = {
    url: '/trpc',
    methodOverride: 'POST',
    headers: () => {
      const token = options.readToken()
      return token === '' ? {} : { authorization: `Bearer ${token}` }
    },
  } as const
  return trpc.createClient({
    links: [
      observeErrors(options),
      splitLink({
        condition: (op) => isNonJsonSerializable(op.input) || op.context['alone'] === true,
        true: httpLink(http),
        false: httpBatchLink(http),
      }),
    ],
  })
}

/** Makes the cache of all that is read. Realtime keeps it true, so nothing is asked again for its age alone. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < MAX_RETRIES && describeError(error).transient,
        // The browser's idea of being online says nothing about a server on this machine or in this building.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}
