/** A request that has arrived whole, in the shape in which tRPC reads one. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { StudioError } from '@studio/contracts/studio-error'

/** Aborted when the caller goes away before the answer is sent. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

/** What tRPC's fetch adapter asks of a request. The platform's `Request` copies the body twice and costs more than the rest. */
type ReadByTrpc = Pick<Request, 'method' | 'url' | 'signal' | 'json' | 'formData'> & {
  headers: Pick<Headers, 'get' | 'has'>
  /** The bytes of an octet stream; a procedure's input as they are. */
  body: Uint8Array | null
}

/** The body is in memory and is handed on without a copy. */
export function receivedRequest(request: FastifyRequest, signal: AbortSignal): Request {
  const { headers } = request
  const body = request.body instanceof Uint8Array ? request.body : null
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()]
    return (Array.isArray(value) ? value.join(', ') : value) ?? null
  }
  const received: ReadByTrpc = {
    method: request.method,
    url: `${request.protocol}://${request.host}${request.url}`,
    headers: { get, has: (name) => get(name) !== null },
    body,
    signal,
    json: async (): Promise<unknown> => JSON.parse(Buffer.from(body ?? []).toString('utf8')),
    formData: () => Promise.reject(new StudioError('VALIDATION_FAILED', { message: 'Forms are not taken.' })),
  }
  return received as unknown as Request
}
