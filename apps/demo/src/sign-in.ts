/** Signs a person in at PocketBase. */
import PocketBase, { ClientResponseError } from 'pocketbase'
import { DemoError } from './demo-error.ts'

export interface Credentials {
  email: string
  password: string
}

/** A client of its own for each person: the SDK keeps one identity in each. */
export async function signIn(pocketbaseUrl: string, person: Credentials): Promise<PocketBase> {
  const client = createPocketBase(pocketbaseUrl)
  try {
    await client.collection('users').authWithPassword(person.email, person.password)
    return client
  } catch (thrown) {
    throw new DemoError(`${person.email} could not sign in at ${pocketbaseUrl}: ${reasonOf(thrown)}`, {
      cause: thrown,
    })
  }
}

/** The SDK's habit of cancelling what looks like a repeated request suits screens, not programs. */
export function createPocketBase(pocketbaseUrl: string): PocketBase {
  return new PocketBase(pocketbaseUrl).autoCancellation(false)
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof ClientResponseError)) return String(thrown)
  if (thrown.status === 0) return 'PocketBase does not answer.'
  if (thrown.status === 400) return 'there is no such person, or the password is another.'
  return `${thrown.status} ${thrown.message}`
}
