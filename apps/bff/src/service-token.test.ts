import { createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userIdSchema } from '@studio/contracts/actor'
import { createServiceTokens } from './service-token.ts'
import { readSigningKey, type SigningKey } from './signing-key.ts'

const SECOND = 1_000
const ISSUER = 'http://bff.studio.test'
const ADA = userIdSchema.parse('ada000000000000')
const GRACE = userIdSchema.parse('grace0000000000')

let directory: string
let key: SigningKey

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-test-key-'))
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  key = await readSigningKey(await fileWith(JSON.stringify(await exportJWK(privateKey))))
})

afterAll(() => rm(directory, { recursive: true }))

async function fileWith(text: string): Promise<string> {
  const file = path.join(directory, `${crypto.randomUUID()}.json`)
  await writeFile(file, text, { mode: 0o600 })
  return file
}

function setup() {
  const clock = { time: 1_800_000_000_000 }
  return { clock, tokens: createServiceTokens({ key, issuer: ISSUER, now: () => clock.time }) }
}

describe('a service token', () => {
  it('is verified by the published key, and says for whom, by whom, for what and until when', async () => {
    const { clock, tokens } = setup()
    const token = await tokens.tokenFor(ADA)
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet({ keys: [key.publicJwk] }),
      {
        currentDate: new Date(clock.time),
      },
    )
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: key.id, typ: 'JWT' })
    expect(payload).toEqual({
      iss: ISSUER,
      aud: 'asset-service',
      sub: ADA,
      scope: 'files:read files:write',
      iat: clock.time / SECOND,
      exp: clock.time / SECOND + 60,
    })
  })

  it('serves a person until fifteen seconds before its end', async () => {
    const { clock, tokens } = setup()
    const first = await tokens.tokenFor(ADA)
    clock.time += 45 * SECOND
    expect(await tokens.tokenFor(ADA)).toBe(first)
    clock.time += 1
    const second = await tokens.tokenFor(ADA)
    expect(decodeJwt(second).exp).toBe((decodeJwt(first).exp ?? 0) + 45)
  })

  it('is never given to another person', async () => {
    const { tokens } = setup()
    const [forAda, forGrace] = await Promise.all([tokens.tokenFor(ADA), tokens.tokenFor(GRACE)])
    expect([decodeJwt(forAda).sub, decodeJwt(forGrace).sub]).toEqual([ADA, GRACE])
  })
})

describe('the signing key', () => {
  it('is published without its private part, under its thumbprint', () => {
    expect(Object.keys(key.publicJwk).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(key.publicJwk.kid).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('has the same id each time that it is read', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const file = await fileWith(JSON.stringify(await exportJWK(privateKey)))
    expect((await readSigningKey(file)).id).toBe((await readSigningKey(file)).id)
  })

  it.each([
    ['no JSON', 'private-part'],
    ['a public key', JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ' })],
    ['a symmetric key', JSON.stringify({ kty: 'oct', k: 'private-part' })],
    [
      'a key of another curve',
      JSON.stringify({ kty: 'EC', crv: 'P-384', x: 'eA', y: 'eQ', d: 'private-part' }),
    ],
    [
      'a point that is on no curve',
      JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', d: 'private-part' }),
    ],
  ])('is refused when its file holds %s, without repeating what is in it', async (_what, text) => {
    const file = await fileWith(text)
    const refusal = await readSigningKey(file).catch(String)
    expect(refusal).toBe(`TypeError: ${file} does not hold a private P-256 key as a JWK`)
  })

  it('is refused when there is no such file', async () => {
    await expect(readSigningKey(path.join(directory, 'missing.json'))).rejects.toMatchObject({
      code: 'ENOENT',
    })
  })
})
