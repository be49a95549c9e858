/** Tokens against a real key set over HTTP, with a clock that the test sets. */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ASSET_SERVICE_AUDIENCE } from '@studio/contracts/actor'
import type { TokenVerifier } from '../ports/token-verifier.ts'
import { createTokenVerifier } from './jwks-token-verifier.ts'

const ISSUER = 'https://issuer.test'
const START = 1_800_000_000_000
const MINUTE = 60_000

const keys = await generateKeyPair('ES256')
const strangers = await generateKeyPair('ES256')
const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'test', alg: 'ES256' }] })

let server: Server
let verifier: TokenVerifier
let now = START

beforeAll(async () => {
  server = createServer((_request, response) => response.end(jwks)).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())
beforeEach(() => {
  now = START
  const { port } = server.address() as AddressInfo
  verifier = createTokenVerifier([{ issuer: ISSUER, jwksUrl: `http://127.0.0.1:${port}/` }], () => now)
})

function sign({ lifeMs = MINUTE, subject = 'ada', key = keys.privateKey } = {}): Promise<string> {
  return new SignJWT({ scope: 'files:read files:write' })
    .setProtectedHeader({ alg: 'ES256', kid: 'test' })
    .setIssuer(ISSUER)
    .setAudience(ASSET_SERVICE_AUDIENCE)
    .setSubject(subject)
    .setExpirationTime((START + lifeMs) / 1_000)
    .sign(key)
}

describe('a token verifier', () => {
  test('answers the same for a good token as often as it is asked', async () => {
    const token = await sign()
    const first = await verifier.verify(token)
    expect(first).toEqual({ issuer: ISSUER, subject: 'ada', scopes: new Set(['files:read', 'files:write']) })
    expect(await verifier.verify(token)).toEqual(first)
  })

  test('tells tokens of two people apart', async () => {
    expect(await verifier.verify(await sign())).toMatchObject({ subject: 'ada' })
    expect(await verifier.verify(await sign({ subject: 'grace' }))).toMatchObject({ subject: 'grace' })
  })

  test('refuses a token that has ended, although it was good a moment ago', async () => {
    const token = await sign({ lifeMs: 10_000 })
    await verifier.verify(token)
    now += 9_000
    await verifier.verify(token)
    // Beyond the tolerance for clocks that differ, within the time that a good token is remembered for.
    const long = await sign({ lifeMs: -21_000 })
    now = START
    await verifier.verify(long)
    now += 10_000
    await expect(verifier.verify(long)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    now = START + 10_000 + 31_000
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('refuses a token with another signature each time, also after a good one with the same claims', async () => {
    await verifier.verify(await sign())
    const forged = await sign({ key: strangers.privateKey })
    await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})
