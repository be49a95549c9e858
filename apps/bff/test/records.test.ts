/** What of Studio's records the BFF shows to whom. */
import type {} from '@studio/dev/testing/global-pocketbase'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { compareFiles } from '../src/file-order.ts'
import { createRecord, createScene, fileFields, newId, type TestScene } from './people.ts'
import { createRecords } from './seed-records.ts'
import { refusalOf, startTestBff, type TestBff } from './test-bff.ts'

let scene: TestScene
let bff: TestBff

beforeAll(async () => {
  const pocketbase = inject('testPocketBase')
  scene = await createScene(pocketbase)
  bff = await startTestBff({ pocketbaseUrl: pocketbase.url })
})

afterAll(() => bff.close())

/** A project of its own for a test that counts or orders. */
function createProject(name: string): Promise<string> {
  const { owner, member } = scene
  return createRecord(owner.client, 'projects', { name, owner: owner.id, members: [member.id] })
}

describe('projects', () => {
  it('are listed for owner and member, and for nobody else', async () => {
    const ids = async (person: { token: string }) =>
      (await bff.as(person).projects.list.query()).map(({ id }) => id)
    expect(await ids(scene.owner)).toContain(scene.project)
    expect(await ids(scene.member)).toContain(scene.project)
    expect(await ids(scene.stranger)).toEqual([scene.foreignProject])
  })

  it('are sorted by name as people sort', async () => {
    const { stranger } = scene
    for (const name of ['b', 'A 10', 'Änderung', 'A 2']) {
      await createRecord(stranger.client, 'projects', { name, owner: stranger.id })
    }
    const names = (await bff.as(stranger).projects.list.query()).map(({ name }) => name)
    expect(names).toEqual(['A 2', 'A 10', 'Änderung', 'b', 'Own'])
  })

  it('come one by one with their owner and members', async () => {
    const { member, owner, project } = scene
    expect(await bff.as(member).projects.get.query({ projectId: project })).toEqual({
      id: project,
      name: 'Shared',
      ownerId: owner.id,
      memberIds: [member.id],
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
  })

  it('look the same to a stranger as projects that do not exist', async () => {
    const client = bff.as(scene.stranger)
    const foreign = await refusalOf(client.projects.get.query({ projectId: scene.project }))
    const unknown = await refusalOf(client.projects.get.query({ projectId: newId() }))
    expect(foreign).toEqual({ ...unknown, requestId: expect.any(String) })
    expect(foreign).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })

  it.each(['', 'short', "x' || id != '", '../../users/records', 'A'.repeat(15)])(
    'are not looked for under %j, which is no id',
    async (projectId) => {
      const refusal = await refusalOf(bff.as(scene.member).projects.get.query({ projectId }))
      expect(refusal).toMatchObject({
        code: 'VALIDATION_FAILED',
        message: expect.stringContaining('projectId'),
      })
    },
  )
})

describe('cards', () => {
  it('come in their order, equal orders by id', async () => {
    const project = await createProject('Ordered')
    const card = (order: string) =>
      createRecord(scene.owner.client, 'cards', { project, title: order, order })
    const [z, a, upper, tie] = [await card('z'), await card('a1'), await card('Z'), await card('a1')]
    const ids = (await bff.as(scene.member).cards.list.query({ projectId: project })).map(({ id }) => id)
    expect(ids).toEqual([upper, ...[a, tie].toSorted(), z])
  })

  it('come all, however many a project has', async () => {
    const project = await createProject('Many cards')
    const count = 1_001
    const created = await createRecords(scene.owner.client, 'cards', {
      count,
      fields: (index) => ({ project, title: '', order: `a${String(count - index).padStart(4, '0')}` }),
    })
    const found = await bff.as(scene.member).cards.list.query({ projectId: project })
    expect(found.map(({ id }) => id)).toEqual(created.toReversed())
  })

  it('of an empty project are none, of a project that one is not in an error', async () => {
    const project = await createProject('Empty')
    expect(await bff.as(scene.member).cards.list.query({ projectId: project })).toEqual([])
    const refusal = await refusalOf(bff.as(scene.stranger).cards.list.query({ projectId: project }))
    expect(refusal).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })
})

describe('assets by ids', () => {
  it('come in the order asked for, each once, without those that one may not see', async () => {
    const { owner, stranger, project, foreignProject } = scene
    const asset = { name: 'Sky', kind: 'image' }
    const [first, second] = await createRecords(owner.client, 'assets', {
      count: 2,
      fields: () => ({ ...asset, project }),
    })
    const foreign = await createRecord(stranger.client, 'assets', { ...asset, project: foreignProject })
    const assetIds = [second ?? '', foreign, first ?? '', newId(), second ?? '']
    const found = await bff.as(scene.member).assets.byIds.query({ assetIds })
    expect(found.map(({ id }) => id)).toEqual([second, first])
    expect(found[0]).toMatchObject({ projectId: project, cardId: null, name: 'Sky', kind: 'image' })
    expect(await bff.as(stranger).assets.byIds.query({ assetIds: [second ?? ''] })).toEqual([])
  })

  it('come for a thousand ids in one call, and their files too', async () => {
    const project = await createProject('Many assets')
    const assetIds = await createRecords(scene.owner.client, 'assets', {
      count: 1_000,
      fields: (index) => ({ project, name: `Asset ${index}`, kind: 'image' }),
    })
    const fileIds = await createRecords(scene.service, 'files', {
      count: 1_000,
      fields: (index) => fileFields(project, { asset: assetIds[index], name: `${index}.png` }),
    })
    const client = bff.as(scene.member)
    const assets = await client.assets.byIds.query({ assetIds })
    expect(assets.map(({ id }) => id)).toEqual(assetIds)
    const files = await client.assets.files.query({ assetIds })
    expect(new Set(files.map(({ id }) => id))).toEqual(new Set(fileIds))
    expect(await bff.as(scene.stranger).assets.files.query({ assetIds })).toEqual([])
  })

  it('are refused for more than a thousand ids', async () => {
    const assetIds = Array.from({ length: 1_001 }, newId)
    expect(await refusalOf(bff.as(scene.member).assets.byIds.query({ assetIds }))).toMatchObject({
      code: 'VALIDATION_FAILED',
    })
  })

  it('are none for no ids', async () => {
    expect(await bff.as(scene.member).assets.byIds.query({ assetIds: [] })).toEqual([])
    expect(await bff.as(scene.member).assets.files.query({ assetIds: [] })).toEqual([])
  })
})

describe('files', () => {
  it('of an asset are all that it has, however many', async () => {
    const project = await createProject('One asset')
    const asset = await createRecord(scene.owner.client, 'assets', { project, name: 'Frames', kind: 'video' })
    const created = await createRecords(scene.service, 'files', {
      count: 1_001,
      fields: () => fileFields(project, { asset }),
    })
    const found = await bff.as(scene.member).assets.files.query({ assetIds: [asset] })
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(created))
    const listed = await bff.as(scene.member).files.list.query({ projectId: project })
    expect(listed).toEqual(found)
  })

  it('of a project come as they came, with all that is known of them but no location', async () => {
    const project = await createProject('Files')
    const first = await createRecord(
      scene.service,
      'files',
      fileFields(project, { width: 3, height: 2, owner: scene.owner.id, sha256: 'a'.repeat(64) }),
    )
    const second = await createRecord(scene.service, 'files', fileFields(project, { name: '最終版 🎬.png' }))
    const found = await bff.as(scene.member).files.list.query({ projectId: project })
    expect(found).toEqual(found.toSorted(compareFiles))
    expect(found.find(({ id }) => id === first)).toEqual({
      id: first,
      name: 'picture.png',
      mimeType: 'image/png',
      size: 68,
      width: 3,
      height: 2,
      sha256: 'a'.repeat(64),
      usage: 'attachment',
      path: null,
      attachmentOnly: false,
      ownerId: scene.owner.id,
      projectId: project,
      cardId: null,
      assetId: null,
      generationId: null,
      thumbnailId: null,
      created: expect.any(String),
      updated: expect.any(String),
    })
    expect(found).toHaveLength(2)
    expect(found.find(({ id }) => id === second)).toMatchObject({
      name: '最終版 🎬.png',
      width: null,
      ownerId: null,
      sha256: null,
    })
  })

  it('of a project that one is not in are an error', async () => {
    const refusal = await refusalOf(bff.as(scene.stranger).files.list.query({ projectId: scene.project }))
    expect(refusal).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })
})
