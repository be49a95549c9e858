/** How tus shows itself to whoever asks, with a token or without, from a browser or not. */
import type { FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { TUS_ANSWER_HEADERS, TUS_DISCOVERY_HEADERS, TUS_METHODS, TUS_ROUTES } from '@studio/contracts/tus'

/** What browser clients of other origins may send and read. Sessions are bearer tokens, so no cookie is ever meant. */
export function tusCors(origins: readonly string[]): FastifyCorsOptions {
  return {
    origin: [...origins],
    methods: ['GET', ...TUS_METHODS],
    exposedHeaders: ['x-request-id', ...TUS_ANSWER_HEADERS],
    maxAge: 600,
  }
}

/** OPTIONS of tus: a browser's preflight (fetch standard, "CORS-preflight fetch") and a client's question at once. */
export function serveTusDiscovery(scope: FastifyInstance): void {
  const cors = { preflight: true, preflightContinue: true, strictPreflight: false }
  for (const url of TUS_ROUTES) {
    scope.options(url, { config: { cors } }, (_request, reply) => {
      reply.code(204).headers(TUS_DISCOVERY_HEADERS).send()
    })
  }
}
