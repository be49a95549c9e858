/** Short-lived tokens with which the BFF asks the Asset Service on behalf of one person (RFC 7519). */
import { SignJWT } from 'jose'
import { ASSET_SERVICE_AUDIENCE, type Scope, type UserId } from '@studio/contracts/actor'
import { SIGNING_ALGORITHM, type SigningKey } from './signing-key.ts'

const TOKEN_SECONDS = 60
/** A token that ends sooner than this is not handed out: the request it is for takes time, and clocks differ. */
const REMAINING_SECONDS = 15
const MAX_ENTRIES = 10_000

const SCOPES: readonly Scope[] = ['files:read', 'files:write']

export interface ServiceTokenOptions {
  key: SigningKey
  issuer: string
  /** Milliseconds. */
  now: () => number
}

export interface ServiceTokens {
  /** A token for this person, which is valid for at least another 15 seconds. */
  tokenFor(userId: UserId): Promise<string>
}

interface Issued {
  token: Promise<string>
  expiresAt: number
}

/** Issues tokens and keeps them while they last: a signature costs more than all else in a small request. */
export function createServiceTokens({ key, issuer, now }: ServiceTokenOptions): ServiceTokens {
  const issued = new Map<UserId, Issued>()

  function issue(userId: UserId): Issued {
    const issuedAt = Math.floor(now() / 1_000)
    const expiresAt = issuedAt + TOKEN_SECONDS
    const token = new SignJWT({ scope: SCOPES.join(' ') })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.id, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(ASSET_SERVICE_AUDIENCE)
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(key.privateKey)
    return { token, expiresAt: expiresAt * 1_000 }
  }

  return {
    tokenFor(userId) {
      const kept = issued.get(userId)
      if (kept !== undefined && now() <= kept.expiresAt - REMAINING_SECONDS * 1_000) return kept.token
      const next = issue(userId)
      // Put to the end of the Map's order, so that its beginning is what was issued longest ago.
      issued.delete(userId)
      issued.set(userId, next)
      const oldest = issued.size > MAX_ENTRIES ? issued.keys().next().value : undefined
      if (oldest !== undefined) issued.delete(oldest)
      return next.token
    },
  }
}
