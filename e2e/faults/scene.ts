/** The people and the project of one stack. */
import PocketBase from 'pocketbase'
import type { TestPocketBaseAddress } from '@studio/dev/testing/test-pocketbase'

export interface Scene {
  readonly projectId: string
  readonly cardId: string
  readonly userId: string
  /** Tokens of the project's owner, and of somebody who is not in it. */
  readonly owner: string
  readonly stranger: string
  /** PocketBase with every right, past every line that breaks. */
  readonly records: PocketBase
}

async function createPerson(records: PocketBase, name: string): Promise<{ id: string; token: string }> {
  const password = crypto.randomUUID()
  const email = `${crypto.randomUUID()}@studio.test`
  const { id } = await records
    .collection('users')
    .create({ name, email, password, passwordConfirm: password, verified: true })
  const own = new PocketBase(records.baseURL)
  const { token } = await own.collection('users').authWithPassword(email, password)
  return { id, token }
}

/** Makes a project with a card, its owner, and a stranger. */
export async function createScene({ url, superuser }: TestPocketBaseAddress): Promise<Scene> {
  const records = new PocketBase(url)
  records.autoCancellation(false)
  await records.collection('_superusers').authWithPassword(superuser.email, superuser.password)
  const owner = await createPerson(records, 'Ada Lovelace')
  const stranger = await createPerson(records, 'Mallory')
  const project = await records.collection('projects').create({ name: 'Analytical Engine', owner: owner.id })
  const card = await records.collection('cards').create({ project: project.id, title: 'Notes', order: 'a0' })
  return {
    projectId: project.id,
    cardId: card.id,
    userId: owner.id,
    owner: owner.token,
    stranger: stranger.token,
    records,
  }
}
