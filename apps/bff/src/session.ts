/** Who a bearer token belongs to: asked of PocketBase, and remembered for moments. */
import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { personSchema, type Person } from '@studio/contracts/actor'
import { StudioError } from '@studio/contracts/studio-error'
import { createDecisionCache } from './decision-cache.ts'
import { getFromPocketBase, type PocketBaseAddress } from './pocketbase-request.ts'

const MAX_SESSIONS = 10_000

/** A token that was found to belong to somebody. */
export interface Session {
  person: Person
  token: string
  /** Stands for the token where it is only told apart from others: what is remembered holds no token. */
  key: string
  /** PocketBase refused the token: the next request asks who it belongs to. */
  end: () => void
}

export interface Sessions {
  /** The session of an `Authorization` header's value; rejects with `UNAUTHENTICATED` when there is none. */
  find(authorization: string | undefined): Promise<Session>
}

export interface SessionsOptions {
  address: PocketBaseAddress
  /** Milliseconds. */
  now: () => number
}

/** Finds sessions, and keeps them while PocketBase is away: nobody can revoke anything meanwhile. */
export function createSessions({ address, now }: SessionsOptions): Sessions {
  const people = createDecisionCache<Person>({ now, maxEntries: MAX_SESSIONS })

  async function whoami(token: string): Promise<Person> {
    const path = '/api/studio/whoami'
    return personSchema.parse(await getFromPocketBase(address, { path, token, absence: 'FORBIDDEN' }))
  }

  return {
    async find(authorization) {
      const token = readBearerToken(authorization)
      refuseEnded(token, now())
      const key = createHash('sha256').update(token).digest('base64url')
      const person = await people.get(key, () => whoami(token))
      return { person, token, key, end: () => people.forget(key) }
    },
  }
}

/** RFC 6750, section 2.1. */
function readBearerToken(authorization: string | undefined): string {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw new StudioError('UNAUTHENTICATED')
  return token
}

/** A token's own end (RFC 7519, section 4.1.4) holds without asking, so also while PocketBase is away. */
function refuseEnded(token: string, now: number): void {
  const endsAt = readEnd(token)
  if (endsAt === undefined || now >= endsAt * 1_000) throw new StudioError('UNAUTHENTICATED')
}

function readEnd(token: string): number | undefined {
  try {
    return decodeJwt(token).exp
  } catch {
    return undefined
  }
}
