/** People with accounts of their own, and projects that they share: each test has its own, so that none sees another's. */
import PocketBase from 'pocketbase'
import type { StudioAddress } from './studio-address.ts'

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly password: string
  /** PocketBase as this person. */
  readonly records: PocketBase
}

export interface Team {
  readonly ada: Person
  readonly grace: Person
  readonly project: { readonly id: string; readonly name: string; readonly path: string }
  /** The one card of the project: no file is on it. */
  readonly card: { readonly id: string; readonly title: string }
}

/** A client of its own, signed in. */
async function signIn(
  studio: StudioAddress,
  collection: string,
  credentials: [string, string],
): Promise<PocketBase> {
  const records = new PocketBase(studio.pocketbaseUrl)
  records.autoCancellation(false)
  await records.collection(collection).authWithPassword(...credentials)
  return records
}

/** PocketBase with every right, as whoever runs it. */
export function signInAsSuperuser({ superuser, ...studio }: StudioAddress): Promise<PocketBase> {
  return signIn({ ...studio, superuser }, '_superusers', [superuser.email, superuser.password])
}

/** An account that nobody had before. The name's first word begins the address. */
export async function createPerson(studio: StudioAddress, name: string): Promise<Person> {
  const password = crypto.randomUUID()
  const email = `${name.split(' ')[0]?.toLowerCase()}-${password.slice(0, 8)}@studio.test`
  const superuser = await signInAsSuperuser(studio)
  const { id } = await superuser
    .collection('users')
    .create({ name, email, password, passwordConfirm: password, verified: true })
  return { id, name, email, password, records: await signIn(studio, 'users', [email, password]) }
}

/** One of the two whom the demo project belongs to. */
export async function demoPerson(studio: StudioAddress, first: 'ada' | 'grace'): Promise<Person> {
  const [email, password] = [`${first}@studio.test`, studio.demoPassword]
  const records = await signIn(studio, 'users', [email, password])
  return { id: records.authStore.record?.id ?? '', name: first, email, password, records }
}

/** Ada's project with Grace in it. */
export async function createTeam(studio: StudioAddress): Promise<Team> {
  const [ada, grace] = await Promise.all([
    createPerson(studio, 'Ada Lovelace'),
    createPerson(studio, 'Grace Hopper'),
  ])
  const name = 'Analytical Engine'
  const project = await ada.records
    .collection('projects')
    .create({ name, owner: ada.id, members: [grace.id] })
  const title = 'Key visuals'
  const card = await ada.records.collection('cards').create({ project: project.id, title, order: 'a0' })
  return {
    ada,
    grace,
    project: { id: project.id, name, path: `/projects/${project.id}` },
    card: { id: card.id, title },
  }
}
