/** Verifies service tokens: JWTs for our audience, from issuers on a list, by the keys they publish (RFC 7517, RFC 8725). */
import { createHash } from 'node:crypto'
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

/** How long a token that was found to be good is not looked at again: less than what the key sets are kept for. */
const REMEMBER_MS = 30_000
const MAX_REMEMBERED = 10_000

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

/** Good tokens for moments, by their hash: what is remembered holds no token. */
function createActorMemory(now: () => number) {
  const remembered = new Map<string, { actor: Actor; until: number }>()
  return {
    find(key: string): Actor | undefined {
      const entry = remembered.get(key)
      return entry !== undefined && now() < entry.until ? entry.actor : undefined
    },
    remember(key: string, { actor, expiresAt }: { actor: Actor; expiresAt: number }): void {
      // Put to the end of the Map's order, so that its beginning is what was remembered longest ago.
      remembered.delete(key)
      remembered.set(key, { actor, until: Math.min(expiresAt, now() + REMEMBER_MS) })
      const oldest = remembered.size > MAX_REMEMBERED ? remembered.keys().next().value : undefined
      if (oldest !== undefined) remembered.delete(oldest)
    },
  }
}

/** A verifier for these issuers. Keys are fetched when first needed and kept; a token with an unknown key id fetches again. */
export function createTokenVerifier(
  issuers: readonly TrustedIssuer[],
  now: () => number = Date.now,
): TokenVerifier {
  const keysOf = new Map<string, JWTVerifyGetKey>(
    issuers.map(({ issuer, jwksUrl }) => [issuer, createRemoteJWKSet(new URL(jwksUrl))]),
  )

  async function examine(token: string): Promise<{ actor: Actor; expiresAt: number }> {
    const issuer = claimedIssuer(token)
    const keys = issuer === undefined ? undefined : keysOf.get(issuer)
    if (issuer === undefined || keys === undefined) throw new StudioError('UNAUTHENTICATED')
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: ASSET_SERVICE_AUDIENCE,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
      })
      const claims = serviceTokenClaimsSchema.safeParse(payload)
      if (!claims.success) throw new StudioError('UNAUTHENTICATED', { cause: claims.error })
      const { iss, sub, scope } = claims.data
      const actor = { issuer: iss, subject: sub, scopes: new Set(scope) }
      return { actor, expiresAt: (payload.exp ?? 0) * 1_000 }
    } catch (cause) {
      if (cause instanceof StudioError) throw cause
      throw new StudioError(isTokenFault(cause) ? 'UNAUTHENTICATED' : 'ISSUER_UNAVAILABLE', { cause })
    }
  }

  const memory = createActorMemory(now)
  return {
    async verify(token): Promise<Actor> {
      const key = createHash('sha256').update(token).digest('base64url')
      const known = memory.find(key)
      if (known !== undefined) return known
      const examined = await examine(token)
      memory.remember(key, examined)
      return examined.actor
    },
  }
}
