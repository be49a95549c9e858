import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { createServiceFetch } from '@studio/trpc-server/service-fetch'
import { getFromPocketBase, type PocketBaseRequest } from './pocketbase-request.ts'

const REQUEST = {
  path: '/api/collections/cards/records?perPage=1',
  token: 'a-token',
  absence: 'CARD_NOT_FOUND',
} as const

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

interface Asking {
  request?: PocketBaseRequest
  timeoutMs?: number
}

/** What is heard from a server that answers like this. */
async function ask(listener: RequestListener, asking: Asking = {}): Promise<unknown> {
  const { request = REQUEST, timeoutMs = 60_000 } = asking
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return getFromPocketBase(
    { url: `http://127.0.0.1:${port}`, fetch: createServiceFetch(), timeoutMs },
    request,
  )
}

it('asks as the person and answers what PocketBase said', async () => {
  const answer = await ask((request, response) => {
    response.end(JSON.stringify({ url: request.url, authorization: request.headers.authorization }))
  })
  expect(answer).toEqual({ url: REQUEST.path, authorization: 'Bearer a-token' })
})

it.each([
  [401, 'UNAUTHENTICATED'],
  [403, 'CARD_NOT_FOUND'],
  [404, 'CARD_NOT_FOUND'],
  [400, 'RECORDS_UNAVAILABLE'],
  [429, 'RECORDS_UNAVAILABLE'],
  [500, 'RECORDS_UNAVAILABLE'],
  [503, 'RECORDS_UNAVAILABLE'],
])(
  'takes a %i for %s, and keeps what PocketBase said for the log but not the token',
  async (status, code) => {
    const refusal: unknown = await ask((_request, response) => {
      response.writeHead(status).end('{"message":"what it said"}')
    }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code, cause: { message: expect.stringContaining('what it said') } })
    expect(String((refusal as Error).cause)).not.toContain('a-token')
  },
)

it('takes an answer that is not JSON for no answer', async () => {
  const answer = ask((_request, response) => response.end('<h1>A proxy speaks</h1>'))
  await expect(answer).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
})

it('takes a PocketBase that hangs for one that is away', async () => {
  await expect(ask(() => undefined, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
})

it('ends the request when the one that it is for is gone', async () => {
  const gone = new AbortController()
  const closed = vi.fn()
  const answer = ask(
    (_request, response) => {
      response.once('close', closed)
      gone.abort()
    },
    { request: { ...REQUEST, signal: gone.signal } },
  )
  await expect(answer).rejects.toMatchObject({ cause: { name: 'AbortError' } })
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
})
