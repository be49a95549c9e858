/** A service token as the BFF issues them, for a bench that asks the Asset Service itself. */

import { createPrivateKey, sign, type JsonWebKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ASSET_SERVICE_AUDIENCE } from '@studio/contracts/actor'

/** Longer than a bench of large bodies takes. */
const SECONDS = 3_600

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** JWS, compact (RFC 7515), by ES256. */
export async function signServiceToken(options: {
  keyFile: string
  issuer: string
  subject: string
}): Promise<string> {
  const jwk = JSON.parse(await readFile(options.keyFile, 'utf8')) as JsonWebKey
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: options.issuer,
    sub: options.subject,
    aud: ASSET_SERVICE_AUDIENCE,
    iat: now,
    exp: now + SECONDS,
    scope: 'files:read files:write',
  }
  const signed = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}
