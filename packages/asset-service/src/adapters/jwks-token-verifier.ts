/** Verifies service tokens: JWTs for our audience, from issuers on a list, by the keys they publish (RFC 7517, RFC 8725). */
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import {
  ASSET_SERVICE_AUDIENCE,
  serviceTokenClaimsSchema,
  type Actor,
  type TrustedIssuer,
} from '@studio/contracts/actor'
import { StudioError } from '@studio/contracts/studio-error'
import type { TokenVerifier } from '../ports/token-verifier.ts'

/** Asymmetric only: a verifier must not hold what could make tokens (RFC 8725, section 3.1). */
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256']
const CLOCK_TOLERANCE_SECONDS = 30

/** What jose throws because of the token; everything else it throws is about fetching keys. */
function isTokenFault(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false
  return (
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
  )
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** A verifier for these issuers. Keys are fetched when first needed and kept; a token with an unknown key id fetches again. */
export function createTokenVerifier(issuers: readonly TrustedIssuer[]): TokenVerifier {
  const keysOf = new Map<string, JWTVerifyGetKey>(
    issuers.map(({ issuer, jwksUrl }) => [issuer, createRemoteJWKSet(new URL(jwksUrl))]),
  )
  return {
    async verify(token): Promise<Actor> {
      const issuer = claimedIssuer(token)
      const keys = issuer === undefined ? undefined : keysOf.get(issuer)
      if (issuer === undefined || keys === undefined) throw new StudioError('UNAUTHENTICATED')
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience: ASSET_SERVICE_AUDIENCE,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ['exp', 'sub'],
        })
        const claims = serviceTokenClaimsSchema.safeParse(payload)
        if (!claims.success) throw new StudioError('UNAUTHENTICATED', { cause: claims.error })
        return { issuer: claims.data.iss, subject: claims.data.sub, scopes: new Set(claims.data.scope) }
      } catch (cause) {
        if (cause instanceof StudioError) throw cause
        throw new StudioError(isTokenFault(cause) ? 'UNAUTHENTICATED' : 'ISSUER_UNAVAILABLE', { cause })
      }
    },
  }
}
