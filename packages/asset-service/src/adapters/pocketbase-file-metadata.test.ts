/** The PocketBase adapter passes the metadata store's conformance suite, and keeps its identity through changes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestPocketBase, type TestPocketBase } from '@studio/dev/testing/test-pocketbase'
import { cardIdSchema } from '@studio/contracts/card'
import { describeFileMetadata, readyRow } from '../conformance/file-metadata-conformance.ts'
import type { FileRow } from '../ports/file-registry.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'
import { createPocketBaseFileMetadata } from './pocketbase-file-metadata.ts'

const USER_ISSUER = 'https://bff.studio.test'

function rowIn(studio: TestStudio, change: Partial<FileRow['request']> = {}): FileRow {
  return readyRow({
    actor: { issuer: USER_ISSUER, subject: studio.userId },
    request: {
      idempotencyKey: crypto.randomUUID(),
      name: 'a.png',
      mimeType: 'image/png',
      size: 10,
      sha256: 'ab'.repeat(32),
      usage: 'attachment',
      projectId: studio.projectId,
      cardId: studio.cardId,
      ...change,
    },
  })
}

const recordsOf = async (studio: TestStudio, row: FileRow): Promise<Record<string, unknown>[]> => {
  const record = await studio.findRecord(row.fileId)
  return record === undefined ? [] : [record]
}

describeFileMetadata('PocketBase', async () => {
  const server = await startTestPocketBase()
  const studio = await createTestStudio(server.url)
  return {
    metadata: createPocketBaseFileMetadata({ url: server.url, ...server.service, userIssuer: USER_ISSUER }),
    rowFor: (change) => rowIn(studio, change),
    find: (row) => recordsOf(studio, row),
    async createCard() {
      const card = { project: studio.projectId, title: 'Passing', order: 'a1' }
      return cardIdSchema.parse((await studio.pocketbase.collection('cards').create(card)).id)
    },
    async deleteCard(cardId) {
      await studio.pocketbase.collection('cards').delete(cardId)
    },
    goAway: () => server.stop(),
    comeBack: () => server.start(),
    close: () => server.dispose(),
  }
})

describe('the PocketBase adapter', () => {
  let server: TestPocketBase
  let studio: TestStudio
  beforeAll(async () => {
    server = await startTestPocketBase()
    studio = await createTestStudio(server.url)
  })
  afterAll(() => server.dispose())

  test('signs in again when its token was taken back', async () => {
    const metadata = createPocketBaseFileMetadata({
      url: server.url,
      ...server.service,
      userIssuer: USER_ISSUER,
    })
    await metadata.createIfAbsent(rowIn(studio))
    const services = studio.pocketbase.collection('services')
    const identity = await services.getFirstListItem(`email = '${server.service.email}'`)
    const { password } = server.service
    await services.update(identity.id, { password, passwordConfirm: password })
    const row = rowIn(studio)
    await metadata.createIfAbsent(row)
    expect(await recordsOf(studio, row)).toHaveLength(1)
  })

  test('with the wrong password says RECORDS_UNAVAILABLE and writes nothing', async () => {
    const metadata = createPocketBaseFileMetadata({
      url: server.url,
      email: server.service.email,
      password: 'not the password',
      userIssuer: USER_ISSUER,
    })
    const row = rowIn(studio)
    await expect(metadata.createIfAbsent(row)).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
    expect(await recordsOf(studio, row)).toEqual([])
  })

  test('names no owner for a file that a worker of another issuer made', async () => {
    const metadata = createPocketBaseFileMetadata({
      url: server.url,
      ...server.service,
      userIssuer: USER_ISSUER,
    })
    const row = { ...rowIn(studio), actor: { issuer: 'https://keycloak.studio.test', subject: 'worker-7' } }
    await metadata.createIfAbsent(row)
    expect(await recordsOf(studio, row)).toMatchObject([{ owner: '' }])
  })
})
