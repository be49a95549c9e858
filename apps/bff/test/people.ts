/** The people of a test and what they have in PocketBase. */
import { randomBytes } from 'node:crypto'
import PocketBase, { BaseAuthStore } from 'pocketbase'
import type { TestPocketBaseAddress } from '@studio/dev/testing/test-pocketbase'

export interface TestPerson {
  id: string
  email: string
  name: string
  /** What a browser would send as a bearer. */
  token: string
  client: PocketBase
}

const PASSWORD = 'a password of a test person'

/** A PocketBase client with an identity of its own. */
function createClient(url: string): PocketBase {
  const client = new PocketBase(url, new BaseAuthStore())
  client.autoCancellation(false)
  return client
}

/** A signed-in superuser. */
export async function signInSuperuser({ url, superuser }: TestPocketBaseAddress): Promise<PocketBase> {
  const client = createClient(url)
  await client.collection('_superusers').authWithPassword(superuser.email, superuser.password)
  return client
}

/** A signed-in service: the only one who writes `files`. */
export async function signInService({ url, service }: TestPocketBaseAddress): Promise<PocketBase> {
  const client = createClient(url)
  await client.collection('services').authWithPassword(service.email, service.password)
  return client
}

/** Registers somebody and signs them in. */
export async function createPerson(superuser: PocketBase, name: string): Promise<TestPerson> {
  const email = `${name.toLowerCase()}-${newId()}@studio.test`
  const { id } = await superuser
    .collection('users')
    .create({ email, name, password: PASSWORD, passwordConfirm: PASSWORD })
  const client = createClient(superuser.baseURL)
  const { token } = await client.collection('users').authWithPassword(email, PASSWORD)
  return { id, email, name, token, client }
}

/** Changes somebody's password, which ends all their sessions. */
export async function changePassword(superuser: PocketBase, person: TestPerson): Promise<void> {
  const password = `${PASSWORD}, changed`
  await superuser.collection('users').update(person.id, { password, passwordConfirm: password })
}

/** 15 characters of [a-z0-9]. */
export function newId(): string {
  return `t${randomBytes(7).toString('hex')}`
}

/** A record's id, made by whoever the client belongs to. */
export async function createRecord(
  client: PocketBase,
  collection: string,
  fields: Record<string, unknown>,
): Promise<string> {
  const { id } = await client.collection(collection).create({ id: newId(), ...fields })
  return id
}

/** The fields of a file that PocketBase requires. */
export function fileFields(project: string, fields: Record<string, unknown> = {}) {
  return { name: 'picture.png', mime_type: 'image/png', size: 68, usage: 'attachment', project, ...fields }
}

/** Something of each kind that a file can be put into, in one project. */
export async function createPlaces({ client }: TestPerson, project: string) {
  return {
    cardId: await createRecord(client, 'cards', { project, title: '', order: 'a0' }),
    assetId: await createRecord(client, 'assets', { project, name: 'Sky', kind: 'image' }),
    generationId: await createRecord(client, 'generations', { project, status: 'queued' }),
  }
}

export interface TestScene {
  superuser: PocketBase
  service: PocketBase
  owner: TestPerson
  member: TestPerson
  stranger: TestPerson
  /** Of the owner, with the member in it. */
  project: string
  /** Of the stranger alone. */
  foreignProject: string
}

/** Three people and two projects. */
export async function createScene(address: TestPocketBaseAddress): Promise<TestScene> {
  const [superuser, service] = await Promise.all([signInSuperuser(address), signInService(address)])
  const [owner, member, stranger] = await Promise.all([
    createPerson(superuser, 'Olga'),
    createPerson(superuser, 'Mika'),
    createPerson(superuser, 'Sam'),
  ])
  const project = await createRecord(owner.client, 'projects', {
    name: 'Shared',
    owner: owner.id,
    members: [member.id],
  })
  const foreignProject = await createRecord(stranger.client, 'projects', { name: 'Own', owner: stranger.id })
  return { superuser, service, owner, member, stranger, project, foreignProject }
}
