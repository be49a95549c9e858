/** An issuer of service tokens as the BFF is one: a key pair of its own, and its public half behind an address. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { ASSET_SERVICE_AUDIENCE } from '@studio/contracts/actor'

export interface TestIssuer {
  issuer: string
  jwksUrl: string
  /** A token like the BFF's; `change` overrides claims, and `undefined` removes one. */
  sign(subject: string, change?: Record<string, unknown>): Promise<string>
  close(): Promise<void>
}

export async function startTestIssuer(): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256' }] })
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(jwks),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  return {
    issuer,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    sign: (subject, change = {}) =>
      new SignJWT({
        iss: issuer,
        sub: subject,
        aud: ASSET_SERVICE_AUDIENCE,
        exp: Math.floor(Date.now() / 1000) + 60,
        scope: 'files:read files:write',
        ...change,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'test' })
        .sign(privateKey),
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  }
}
