/** The superuser and the service identity of a running PocketBase. */

import PocketBase, { ClientResponseError } from 'pocketbase'
import { DevError } from '../dev-error.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** A client signed in as the superuser, or undefined when PocketBase refuses the credentials. */
export async function signInAsSuperuser(
  url: string,
  credentials: Credentials,
): Promise<PocketBase | undefined> {
  const client = new PocketBase(url)
  client.autoCancellation(false)
  return (await signIn(client, '_superusers', credentials)) ? client : undefined
}

/**
 * Creates the service identity, or gives it this password. One that can sign in already is left alone: a new password
 * would end the tokens of an Asset Service that is running.
 */
export async function ensureServiceIdentity(admin: PocketBase, service: Credentials): Promise<void> {
  const asService = new PocketBase(admin.baseURL)
  if (await signIn(asService, 'services', service)) return
  const services = admin.collection('services')
  const fields = { ...service, passwordConfirm: service.password, verified: true }
  const filter = admin.filter('email = {:email}', { email: service.email })
  const { items } = await services.getList(1, 1, { filter })
  if (items[0]) await services.update(items[0].id, fields)
  else await services.create(fields)
}

async function signIn(client: PocketBase, collection: string, credentials: Credentials): Promise<boolean> {
  try {
    await client.collection(collection).authWithPassword(credentials.email, credentials.password)
    return true
  } catch (thrown) {
    if (!(thrown instanceof ClientResponseError)) throw thrown
    if (thrown.status === 400) return false
    if (thrown.status === 404) {
      throw new DevError(`PocketBase has no collection "${collection}": its migrations did not run.`, {
        cause: thrown,
      })
    }
    throw thrown
  }
}
