/** Routes whose bodies are files of any size: they reach the handler unread, and are not limited here. */
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** After a refusal the client may still be sending: what it sends is read for so long, so that it can hear the refusal. */
const LINGER_MS = 2_000

/** Registers routes in a scope of their own, in which nobody reads a body but the handler. */
export function withStreamedBodies(
  server: FastifyInstance,
  addRoutes: (scope: FastifyInstance) => void,
): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    addRoutes(scope)
  })
}

/** A socket that is closed with unread bytes is reset, and its answer is lost with it (RFC 9112, section 9.6). */
export function lingerThenClose({ raw }: FastifyRequest): void {
  if (raw.readableEnded || raw.destroyed) return
  raw.resume()
  const timer = setTimeout(() => raw.destroy(), LINGER_MS)
  raw.once('close', () => clearTimeout(timer))
}
