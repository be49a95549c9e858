/** The Asset Service over HTTP: its tRPC router, and the object store's own endpoint where the store has one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { AssetService } from '@studio/asset-service'
import type { ObjectEndpoint } from '@studio/asset-service/ports/object-store'
import type { TokenVerifier } from '@studio/asset-service/ports/token-verifier'
import { assetServiceRouter } from '@studio/asset-service/router'
import { MIB } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import { mountTus } from './tus-route.ts'
import { createStudioServer, mountTrpc } from '@studio/trpc-server/fastify-server'

export interface AssetServerOptions {
  service: AssetService
  verifier: TokenVerifier
  endpoint: ObjectEndpoint | undefined
  /** Web origins whose pages may speak tus to this server. */
  allowedOrigins: readonly string[]
  logLevel: string
  checkReady: () => Promise<void>
}

/** 42 files of 64 KiB, or 7 of 1 MiB: more at once are not stored sooner, they only take memory. */
const ROOM_BYTES = 8 * MIB

function bearerToken(request: FastifyRequest): string {
  const [scheme, token, ...rest] = request.headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0)
    throw new StudioError('UNAUTHENTICATED')
  return token
}

/** A server that is not listening yet. */
export function createAssetServer(options: AssetServerOptions): FastifyInstance {
  const server = createStudioServer(options)
  mountTrpc(server, {
    router: assetServiceRouter,
    roomBytes: ROOM_BYTES,
    createContext: (request) => ({
      service: options.service,
      authenticate: async () => options.verifier.verify(bearerToken(request)),
      requestId: request.id,
    }),
  })
  const { service, verifier } = options
  mountTus(server, {
    service,
    authenticate: async (request) => verifier.verify(bearerToken(request)),
    allowedOrigins: options.allowedOrigins,
  })
  const { endpoint } = options
  if (endpoint !== undefined) mountEndpoint(server, endpoint)
  return server
}

/** The endpoint's bodies are files of any size, so they are streamed and not limited here: the signed length is. */
function mountEndpoint(server: FastifyInstance, endpoint: ObjectEndpoint): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.all(`${endpoint.prefix}/*`, async (request, reply) => {
      const response = await endpoint.handle(toStreamedRequest(request))
      return sendStreamed(reply, response)
    })
  })
}

function toStreamedRequest(request: FastifyRequest): Request {
  const { method } = request
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const url = new URL(request.url, `${request.protocol}://${request.host}`)
  if (method !== 'PUT') return new Request(url, { method, headers })
  const body = Readable.toWeb(request.raw) as ReadableStream<Uint8Array>
  // Node wants `duplex` for a streamed body (fetch standard, RequestInit.duplex).
  return new Request(url, { method, headers, body, duplex: 'half' })
}

function sendStreamed(reply: FastifyReply, response: Response): FastifyReply {
  reply.code(response.status)
  response.headers.forEach((value, name) => reply.header(name, value))
  if (response.body === null) return reply.send()
  return reply.send(Readable.fromWeb(response.body as ReadableStream<Uint8Array>))
}
