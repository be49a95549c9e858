/** Makes the demo's people, and sees to it that they can sign in with the password they are given. */
import { ClientResponseError } from 'pocketbase'
import type PocketBase from 'pocketbase'
import { ADA, GRACE } from './demo-people.ts'
import type { SeedEnvironment } from './env.ts'
import { createPocketBase, signIn } from './sign-in.ts'
import { stableId } from './stable-id.ts'

/** Each person's client, signed in, by address. */
export type SignedInPeople = ReadonlyMap<string, PocketBase>

/** A person who is there already is left alone, except for a password that does not let them in. */
export async function seedPeople(environment: SeedEnvironment): Promise<SignedInPeople> {
  const { POCKETBASE_URL, DEMO_PASSWORD: password } = environment
  const signedIn = await Promise.all(
    [ADA, GRACE].map(async (person) => {
      if (!(await canSignIn(POCKETBASE_URL, person.email, password))) await savePerson(environment, person)
      return [person.email, await signIn(POCKETBASE_URL, { email: person.email, password })] as const
    }),
  )
  return new Map(signedIn)
}

async function canSignIn(pocketbaseUrl: string, email: string, password: string): Promise<boolean> {
  try {
    await createPocketBase(pocketbaseUrl).collection('users').authWithPassword(email, password)
    return true
  } catch (thrown) {
    if (thrown instanceof ClientResponseError && thrown.status === 400) return false
    throw thrown
  }
}

async function savePerson(
  environment: SeedEnvironment,
  person: { email: string; name: string },
): Promise<void> {
  const superuser = createPocketBase(environment.POCKETBASE_URL)
  await superuser
    .collection('_superusers')
    .authWithPassword(environment.POCKETBASE_SUPERUSER_EMAIL, environment.POCKETBASE_SUPERUSER_PASSWORD)
  const users = superuser.collection('users')
  const { DEMO_PASSWORD: password } = environment
  const found = await users.getList(1, 1, { filter: superuser.filter('email = {:email}', person) })
  const [known] = found.items
  const secret = { password, passwordConfirm: password }
  if (known === undefined) {
    await users.create({ ...person, ...secret, id: stableId('user', person.email), verified: true })
  } else {
    await users.update(known.id, secret)
  }
}
