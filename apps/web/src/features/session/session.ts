/** Who is signed in: a mirror of PocketBase's auth store that React can follow, and the ways in and out. */
import { personSchema, type Person } from '@studio/contracts/actor'
import { ClientResponseError } from 'pocketbase'
import type PocketBase from 'pocketbase'
import { createStore, type StoreApi } from 'zustand'
import { createRequiredContext } from '../../required-context.ts'

export interface SessionState {
  person: Person | null
  /** Why nobody is signed in, when somebody was before. */
  ended: 'signed-out' | 'expired' | null
}

export interface Session {
  store: StoreApi<SessionState>
  signIn: (email: string, password: string) => Promise<void>
  signOut: () => void
  /** A server no longer takes this token. Ignored when another one is in use by now. */
  expire: (token: string) => void
  /** A new token for the one in use. Rejects when the server cannot be asked. */
  renew: () => Promise<void>
}

const COLLECTION = 'users'

/** What PocketBase says about a token that it does not take, or a record that is gone. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404])

/** Makes the session over the client's auth store, which all tabs share. */
export function createSession(pocketBase: PocketBase): Session {
  const auth = pocketBase.authStore
  const store = createStore<SessionState>(() => ({
    person: currentPerson(pocketBase),
    ended: auth.token !== '' && !auth.isValid ? 'expired' : null,
  }))

  // Also called when another tab signs in or out.
  auth.onChange(() => {
    const person = currentPerson(pocketBase)
    const before = store.getState()
    if (person === null) store.setState({ person, ended: before.ended ?? 'signed-out' })
    else if (!isSamePerson(person, before.person)) store.setState({ person, ended: null })
  })

  function end(ended: 'signed-out' | 'expired'): void {
    store.setState({ ended })
    auth.clear()
  }

  function expire(token: string): void {
    if (token !== '' && token === auth.token) end('expired')
  }

  return {
    store,
    signIn: async (email, password) => {
      await pocketBase.collection(COLLECTION).authWithPassword(email, password)
    },
    signOut: () => end('signed-out'),
    expire,
    renew: async () => {
      const { token } = auth
      try {
        await pocketBase.collection(COLLECTION).authRefresh()
      } catch (error) {
        if (!(error instanceof ClientResponseError && REFUSALS.has(error.status))) throw error
        expire(token)
      }
    },
  }
}

function currentPerson({ authStore }: PocketBase): Person | null {
  if (!authStore.isValid) return null
  return personSchema.safeParse(authStore.record).data ?? null
}

function isSamePerson(a: Person, b: Person | null): boolean {
  return b !== null && a.id === b.id && a.email === b.email && a.name === b.name
}

export const [SessionContext, useSession] = createRequiredContext<Session>('SessionContext')
