/** What the browser is told at start, at `RUNTIME_CONFIG_PATH`: public addresses and limits, never a secret. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { FILE_MAX_BYTES, INLINE_MAX_BYTES } from '@studio/contracts/limits'
import { RUNTIME_CONFIG_PATH, runtimeConfigSchema } from '@studio/contracts/runtime-config'

/** Only what is named here can reach a browser. */
export interface PublicAddresses {
  pocketbasePublicUrl: string
  assetServicePublicUrl: string
}

/** Serves the configuration. It is the same for everyone, so that it may be cached for a minute, and asked for by its tag. */
export function serveRuntimeConfig(server: FastifyInstance, addresses: PublicAddresses): void {
  const body = JSON.stringify(
    runtimeConfigSchema.parse({
      pocketbaseUrl: addresses.pocketbasePublicUrl,
      assetServiceUrl: addresses.assetServicePublicUrl,
      inlineMaxBytes: INLINE_MAX_BYTES,
      fileMaxBytes: FILE_MAX_BYTES,
    }),
  )
  const tag = `"${createHash('sha256').update(body).digest('base64url')}"`
  server.get(RUNTIME_CONFIG_PATH, async (request, reply) => {
    reply.header('cache-control', 'public, max-age=60').header('etag', tag)
    if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(body)
  })
}

/** RFC 9110, section 13.1.2: a list of tags, compared weakly. */
function namesTag(header: string | undefined, tag: string): boolean {
  const names = (header ?? '').split(',').map((name) => name.trim().replace(/^W\//, ''))
  return names.includes(tag) || names.includes('*')
}
