/** What the BFF serves beside its API, to everyone: configuration, keys, health, and leave for other origins. */
import type {} from '@studio/dev/testing/global-pocketbase'
import { createRemoteJWKSet, jwtVerify, SignJWT, importJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { RUNTIME_CONFIG_PATH, runtimeConfigSchema } from '@studio/contracts/runtime-config'
import { startTestBff, type TestBff } from './test-bff.ts'

const WEB = 'https://web.studio.test'

let bff: TestBff

beforeAll(async () => {
  bff = await startTestBff({
    pocketbaseUrl: inject('testPocketBase').url,
    environment: {
      POCKETBASE_PUBLIC_URL: 'https://records.studio.test',
      ASSET_SERVICE_PUBLIC_URL: 'https://assets.studio.test',
      ALLOWED_ORIGINS: WEB,
      // Not the BFF's, but what a careless deployment may hand to every process.
      POCKETBASE_SUPERUSER_PASSWORD: 'superuser-password',
      DATABASE_URL: 'postgres://studio:database-password@database.internal/studio',
    },
  })
})

afterAll(() => bff.close())

describe('the runtime configuration', () => {
  const fetchConfig = (headers: Record<string, string> = {}) =>
    fetch(`${bff.url}${RUNTIME_CONFIG_PATH}`, { headers })

  it('names the public addresses and the limits, to anyone', async () => {
    const response = await fetchConfig()
    expect(response.status).toBe(200)
    expect(runtimeConfigSchema.strict().parse(await response.json())).toEqual({
      pocketbaseUrl: 'https://records.studio.test',
      assetServiceUrl: 'https://assets.studio.test',
      inlineMaxBytes: 1024 ** 2,
      fileMaxBytes: 5 * 1024 ** 4,
    })
  })

  it('holds nothing else of the environment: no inner address, no file, nothing of the key', async () => {
    const text = await (await fetchConfig()).text()
    // A port of 0 is part of any number.
    const published = ['POCKETBASE_PUBLIC_URL', 'ASSET_SERVICE_PUBLIC_URL', 'BFF_PORT']
    const kept = Object.entries(bff.environment).filter(([name]) => !published.includes(name))
    expect(kept.length).toBeGreaterThan(5)
    for (const [name, value] of kept) expect(text, name).not.toContain(value)
    for (const [name, value] of Object.entries(bff.privateJwk)) {
      if (['x', 'y', 'd'].includes(name)) expect(text, name).not.toContain(value)
    }
  })

  it('may be kept for a minute, and is not sent again to whoever has it', async () => {
    const first = await fetchConfig()
    expect(first.headers.get('cache-control')).toBe('public, max-age=60')
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[A-Za-z0-9_-]+"$/)
    for (const header of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await fetchConfig({ 'if-none-match': header })
      expect([again.status, await again.text()]).toEqual([304, ''])
    }
    expect((await fetchConfig({ 'if-none-match': '"other"' })).status).toBe(200)
  })
})

describe('the key set', () => {
  it('verifies what the key signs, and holds no private part', async () => {
    const address = new URL(`${bff.url}/.well-known/jwks.json`)
    const response = await fetch(address)
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    const text = await response.text()
    expect(text).not.toContain(bff.privateJwk.d)
    const { keys } = JSON.parse(text) as { keys: { kid: string }[] }
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: keys[0]?.kid ?? '' })
      .sign(await importJWK(bff.privateJwk, 'ES256'))
    const verified = await jwtVerify(token, createRemoteJWKSet(address))
    expect(verified.protectedHeader.kid).toBe(keys[0]?.kid)
  })
})

describe('a browser of another origin', () => {
  it('is not asked for by a tus client that only wants to know what this server can do', async () => {
    const { status, headers } = await fetch(`${bff.url}/tus`, { method: 'OPTIONS' })
    expect([status, headers.get('tus-version')]).toEqual([204, '1.0.0'])
    expect(headers.get('tus-extension')).toContain('concatenation')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('lets pages of allowed origins speak tus, and read its answers', async () => {
    const { status, headers } = await fetch(`${bff.url}/tus/abcdefghij12345`, {
      method: 'OPTIONS',
      headers: { origin: WEB, 'access-control-request-method': 'PATCH' },
    })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, WEB])
    expect(headers.get('access-control-allow-methods')).toContain('PATCH')
    const answer = await fetch(`${bff.url}/tus`, { method: 'POST', headers: { origin: WEB } })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, WEB])
    expect(answer.headers.get('access-control-expose-headers')?.split(/, ?/)).toEqual(
      expect.arrayContaining(['location', 'upload-offset', 'upload-expires', 'tus-resumable']),
    )
  })

  const preflight = (origin: string) =>
    fetch(`${bff.url}/trpc/files.uploadInline`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-request-id',
      },
    })

  it('may call when it is on the list, and reads the request id', async () => {
    const allowed = await preflight(WEB)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(WEB)
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST, HEAD, PATCH, DELETE')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    const answer = await fetch(`${bff.url}/trpc/session.me`, { headers: { origin: WEB } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(WEB)
    expect(answer.headers.get('access-control-expose-headers')).toMatch(
      /^x-request-id, location, tus-resumable, /,
    )
  })

  it('may not when it is not', async () => {
    const refused = await preflight('https://elsewhere.test')
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('health', () => {
  it('is alive without any dependency', async () => {
    const response = await fetch(`${bff.url}/healthz`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  it('is not ready while the Asset Service cannot be reached', async () => {
    expect((await fetch(`${bff.url}/readyz`)).status).toBe(503)
  })
})

describe('a request that makes no sense', () => {
  it.each([
    ['an unknown procedure', '/trpc/files.destroy', 'POST'],
    ['a query that is none', '/trpc/files.begin', 'GET'],
  ])('as %s is refused in the words of the closed list', async (_what, path, method) => {
    const response = await fetch(`${bff.url}${path}`, { method })
    const body: unknown = await response.json()
    expect(body).toMatchObject({ error: { data: { studio: { code: expect.any(String) } } } })
    expect(JSON.stringify(body)).not.toMatch(/\bat .*\.ts|stack/)
  })

  it('as a body over the limit is refused before it is read', async () => {
    const response = await fetch(`${bff.url}/trpc/files.uploadInline`, {
      method: 'POST',
      body: new Uint8Array(2 * 1024 ** 2),
    })
    expect(response.status).toBe(413)
  })
})
