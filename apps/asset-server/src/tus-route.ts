/** tus under `/tus`: authenticates, and hands requests to the service with their bodies unread. */
import cors from '@fastify/cors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AssetService } from '@studio/asset-service'
import type { Actor } from '@studio/contracts/actor'
import { StudioError } from '@studio/contracts/studio-error'
import { TUS_METHODS, TUS_ROUTES } from '@studio/contracts/tus'
import { lingerThenClose, withStreamedBodies } from '@studio/trpc-server/streamed-bodies'
import { serveTusDiscovery, tusCors } from '@studio/trpc-server/tus-discovery'

export interface TusMount {
  service: Pick<AssetService, 'tus'>
  /** Rejects with `UNAUTHENTICATED`. */
  authenticate: (request: FastifyRequest) => Promise<Actor>
  /** Web origins whose pages may speak tus to this server. */
  allowedOrigins: readonly string[]
}

/** The request without its body. */
function toHead(request: FastifyRequest): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const url = new URL(request.url, `${request.protocol}://${request.host}`)
  return new Request(url, { method: request.method, headers })
}

async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Response,
): Promise<FastifyReply> {
  if (answer.status >= 400) lingerThenClose(request)
  reply.code(answer.status).headers(Object.fromEntries(answer.headers))
  return reply.send(answer.status === 204 ? undefined : Buffer.from(await answer.arrayBuffer()))
}

/** Serves tus. There is no GET: `delivery.resolveUrls` says who may read what. */
export function mountTus(server: FastifyInstance, mount: TusMount): void {
  const { service, authenticate, allowedOrigins } = mount
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const actor = await authenticate(request)
      if (!actor.scopes.has('files:write')) throw new StudioError('FORBIDDEN')
      const exchange = { actor, request: toHead(request), body: request.raw, requestId: request.id }
      return await sendAnswer(request, reply, await service.tus.handle(exchange))
    } catch (error) {
      lingerThenClose(request)
      throw error
    }
  }
  withStreamedBodies(server, (scope) => {
    // Only here: nothing else of this server is for browsers, so it answers no other route's preflights.
    scope.register(cors, { ...tusCors(allowedOrigins), preflight: false })
    serveTusDiscovery(scope)
    // HEAD is a question of its own here, and not a GET without its body.
    for (const url of TUS_ROUTES) scope.route({ method: [...TUS_METHODS], url, handler: handle })
  })
}
