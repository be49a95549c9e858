/** The key that service tokens are signed with: a private P-256 JWK in a file (RFC 7517; ES256 of RFC 7518, section 3.4). */
import { readFile } from 'node:fs/promises'
import { calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from 'jose'
import { z } from 'zod'

export const SIGNING_ALGORITHM = 'ES256'

const base64url = z.base64url().min(1)

const privateJwkSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64url,
  y: base64url,
  d: base64url,
})

export interface SigningKey {
  /** The key's thumbprint (RFC 7638): the same key has the same id on every replica. */
  id: string
  privateKey: CryptoKey
  publicJwk: JWK
}

/** Reads the key from its file; throws when there is none, or when it is not a private P-256 key. */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const text = await readFile(file, 'utf8')
  try {
    return await parseSigningKey(text)
  } catch {
    // Without its cause: what a parser quotes of a key file would end up in a log.
    throw new TypeError(`${file} does not hold a private P-256 key as a JWK`)
  }
}

async function parseSigningKey(text: string): Promise<SigningKey> {
  const { d, ...publicPart } = privateJwkSchema.parse(JSON.parse(text))
  const id = await calculateJwkThumbprint(publicPart)
  const privateKey = await importJWK({ ...publicPart, d }, SIGNING_ALGORITHM)
  return { id, privateKey, publicJwk: { ...publicPart, kid: id, alg: SIGNING_ALGORITHM, use: 'sig' } }
}
