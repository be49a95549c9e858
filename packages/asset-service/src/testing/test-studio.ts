/** People, projects and cards in the test run's PocketBase, and the records of files as anyone would find them there. */
import PocketBase from 'pocketbase'
import { inject } from 'vitest'
import { z } from 'zod'
import { userIdSchema, type UserId } from '@studio/contracts/actor'
import { cardIdSchema, type CardId } from '@studio/contracts/card'
import type {} from '@studio/dev/testing/global-pocketbase'
import type { FileId } from '@studio/contracts/file'
import { projectIdSchema, type ProjectId } from '@studio/contracts/project'

export interface TestStudio {
  pocketbase: PocketBase
  userId: UserId
  projectId: ProjectId
  cardId: CardId
  /** The record of a file, whole, or `undefined`. */
  findRecord(fileId: FileId): Promise<Record<string, unknown> | undefined>
  countRecords(): Promise<number>
}

const createdSchema = z.object({ id: z.string() })

/** Makes a person with a project and a card of their own; tests in one run do not see each other's. */
export async function createTestStudio(url: string = inject('testPocketBase').url): Promise<TestStudio> {
  const { superuser } = inject('testPocketBase')
  const pocketbase = new PocketBase(url)
  pocketbase.autoCancellation(false)
  await pocketbase.collection('_superusers').authWithPassword(superuser.email, superuser.password)
  const create = async (collection: string, record: Record<string, unknown>): Promise<string> =>
    createdSchema.parse(await pocketbase.collection(collection).create(record)).id

  const password = crypto.randomUUID()
  const email = `${crypto.randomUUID()}@studio.test`
  const owner = await create('users', { email, password, passwordConfirm: password, name: 'Test Person' })
  const project = await create('projects', { name: 'Test project', owner })
  const card = await create('cards', { project, title: 'Test card', order: 'a0' })
  return {
    pocketbase,
    userId: userIdSchema.parse(owner),
    projectId: projectIdSchema.parse(project),
    cardId: cardIdSchema.parse(card),
    async findRecord(fileId) {
      const found = await pocketbase.collection('files').getFullList({ filter: `id = '${fileId}'` })
      return found[0]
    },
    async countRecords() {
      const page = await pocketbase.collection('files').getList(1, 1, { filter: `project = '${project}'` })
      return page.totalItems
    },
  }
}
