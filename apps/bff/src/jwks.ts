/** The public half of the signing key, where the Asset Service looks for it (RFC 7517, section 5). */
import type { FastifyInstance } from 'fastify'
import type { SigningKey } from './signing-key.ts'

const JWKS_PATH = '/.well-known/jwks.json'

/** Serves the key set. Verifiers ask again by themselves when they meet a key id that they do not know. */
export function serveJwks(server: FastifyInstance, { publicJwk }: SigningKey): void {
  const body = JSON.stringify({ keys: [publicJwk] })
  server.get(JWKS_PATH, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=300')
      .type('application/jwk-set+json; charset=utf-8')
      .send(body),
  )
}
