/** The people of a test file and what they have: two projects, one shared, one that only a stranger may see. */

import { randomBytes } from 'node:crypto'
import PocketBase, { BaseAuthStore } from 'pocketbase'
import { inject } from 'vitest'
// Declares what `inject` answers.
import type {} from '@studio/dev/testing/global-pocketbase'
import type { TestPocketBaseAddress } from '@studio/dev/testing/test-pocketbase'

export interface Person {
  readonly id: string
  readonly email: string
  readonly client: PocketBase
}

export interface Scene {
  readonly url: string
  readonly owner: Person
  readonly member: Person
  readonly stranger: Person
  readonly guest: PocketBase
  readonly service: PocketBase
  readonly superuser: PocketBase
  /** Of the owner, with the member in it. */
  readonly project: string
  /** Of the stranger alone. */
  readonly foreignProject: string
}

export const PASSWORD = 'a password of a test person'

/** Creates three people, signs everybody in, and makes the two projects. */
export async function createScene(address: TestPocketBaseAddress = inject('testPocketBase')): Promise<Scene> {
  const { url } = address
  const superuser = createClient(url)
  const service = createClient(url)
  await superuser
    .collection('_superusers')
    .authWithPassword(address.superuser.email, address.superuser.password)
  await service.collection('services').authWithPassword(address.service.email, address.service.password)
  const [owner, member, stranger] = await Promise.all([
    createPerson(superuser, 'Olga'),
    createPerson(superuser, 'Mika'),
    createPerson(superuser, 'Sam'),
  ])
  return {
    url,
    owner,
    member,
    stranger,
    guest: createClient(url),
    service,
    superuser,
    project: await createProject(owner, { members: [member.id] }),
    foreignProject: await createProject(stranger),
  }
}

/** A client with an identity of its own, in this process's memory. */
export function createClient(url: string): PocketBase {
  const client = new PocketBase(url, new BaseAuthStore())
  client.autoCancellation(false)
  return client
}

/** Registers somebody, as only a superuser can, and signs them in. */
export async function createPerson(superuser: PocketBase, name: string): Promise<Person> {
  const email = `${name.toLowerCase()}-${newId()}@studio.test`
  const { id } = await superuser
    .collection('users')
    .create({ email, name, password: PASSWORD, passwordConfirm: PASSWORD })
  const client = createClient(superuser.baseURL)
  await client.collection('users').authWithPassword(email, PASSWORD)
  return { id, email, client }
}

/** Makes a project as its owner. */
export async function createProject(owner: Person, fields: { members?: string[] } = {}): Promise<string> {
  const { id } = await owner.client
    .collection('projects')
    .create({ name: `Project ${newId()}`, owner: owner.id, ...fields })
  return id
}

/** 15 characters of [a-z0-9], as the Asset Service makes them. */
export function newId(): string {
  return `t${randomBytes(7).toString('hex')}`
}

/** The fields of a file that PocketBase requires, and an id of its own. */
export function fileFields(project: string, fields: Record<string, unknown> = {}) {
  return {
    id: newId(),
    name: 'picture.png',
    mime_type: 'image/png',
    size: 68,
    usage: 'attachment',
    project,
    ...fields,
  }
}
