/** Serves an object endpoint with Node's own HTTP server, so that tests reach it the way clients do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { ObjectEndpoint } from '../ports/object-store.ts'

export interface EndpointServer {
  url: string
  /** Answers from here on come from this endpoint. */
  serve(endpoint: ObjectEndpoint): void
  close(): Promise<void>
}

function toRequest(message: IncomingMessage): Request {
  const headers = new Headers()
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const url = new URL(message.url ?? '/', `http://${message.headers.host}`)
  const method = message.method ?? 'GET'
  if (method !== 'PUT') return new Request(url, { method, headers })
  const body = Readable.toWeb(message) as ReadableStream<Uint8Array>
  return new Request(url, { method, headers, body, duplex: 'half' })
}

async function answer(
  endpoint: ObjectEndpoint,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  const response = await endpoint.handle(toRequest(message))
  reply.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) reply.end()
  else await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), reply)
}

/** Listens on a free loopback port; what an endpoint rejects with closes the connection. */
export async function startEndpointServer(): Promise<EndpointServer> {
  let served: ObjectEndpoint | undefined
  const server = createServer((message, reply) => {
    if (served === undefined) reply.writeHead(503).end()
    else answer(served, message, reply).catch((error: unknown) => reply.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    serve(endpoint) {
      served = endpoint
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
