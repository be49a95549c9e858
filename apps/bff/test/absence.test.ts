/** What goes on while a part of Studio is away, and what it is like when it comes back. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createPerson, createRecord } from './people.ts'
import { startStudioBehindBff, type StudioBehindBff } from './studio-behind-bff.ts'
import { refusalOf } from './test-bff.ts'
import { noteFrame } from './upload-request.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

let studio: StudioBehindBff

beforeAll(async () => {
  studio = await startStudioBehindBff()
})

afterEach(async () => {
  await studio.stack.part('pocketbase').start()
  await studio.stack.part('asset-server').start()
})

afterAll(() => studio.close())

const readiness = async () => (await fetch(`${studio.bff.url}/readyz`)).status

/** Somebody with a project and a card of their own, who has just looked at both. */
async function createOnlooker() {
  const { bff, scene } = studio
  const person = await createPerson(scene.superuser, 'Olaf')
  const projectId = await createRecord(person.client, 'projects', { name: 'Seen', owner: person.id })
  const cardId = await createRecord(person.client, 'cards', { project: projectId, title: '', order: 'a0' })
  const client = bff.as(person)
  await client.projects.get.query({ projectId })
  await client.cards.list.query({ projectId })
  return { person, client, projectId, cardId }
}

describe('without PocketBase', () => {
  it('an upload to what was on the screen is acknowledged, and its record appears when PocketBase is back', async () => {
    const { client, projectId, cardId } = await createOnlooker()
    const pocketbase = studio.stack.part('pocketbase')
    await pocketbase.stop()
    // Past the time in which nothing would have been asked anyway.
    studio.bff.pass(10 * SECOND)
    expect(await client.session.me.query()).toMatchObject({ name: 'Olaf' })
    const stored = await client.files.uploadInline.mutate(noteFrame('Kept.', { projectId, cardId }))
    expect(stored).toMatchObject({ size: 5, record: 'pending' })
    await pocketbase.start()
    const files = () => client.files.list.query({ projectId })
    await vi.waitFor(async () => expect((await files()).map(({ id }) => id)).toEqual([stored.fileId]), {
      timeout: 30 * SECOND,
      interval: 100,
    })
  })

  it('what was decided holds for ten minutes and no longer', async () => {
    const { client, projectId } = await createOnlooker()
    await studio.stack.part('pocketbase').kill()
    studio.bff.pass(10 * MINUTE - 10 * SECOND)
    const upload = () => client.files.uploadInline.mutate(noteFrame('Late.', { projectId }))
    expect(await upload()).toMatchObject({ record: 'pending' })
    studio.bff.pass(10 * SECOND)
    expect(await refusalOf(upload())).toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
    expect(await refusalOf(client.session.me.query())).toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
  })

  it('what was never decided is refused as unavailable, and not as missing', async () => {
    const { client, projectId } = await createOnlooker()
    const { bff, scene } = studio
    await studio.stack.part('pocketbase').stop()
    const elsewhere = noteFrame('Where?', { projectId, cardId: 'never0seen0card' })
    expect(await refusalOf(client.files.uploadInline.mutate(elsewhere))).toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
    })
    expect(await refusalOf(client.projects.list.query())).toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
    const stranger = bff.as(scene.stranger).session.me.query()
    expect(await refusalOf(stranger)).toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
  })

  it('the next decision after its return is a fresh one', async () => {
    const { person, client, projectId } = await createOnlooker()
    const pocketbase = studio.stack.part('pocketbase')
    await pocketbase.stop()
    studio.bff.pass(10 * SECOND)
    const upload = () => client.files.uploadInline.mutate(noteFrame('Still?', { projectId }))
    await upload()
    await pocketbase.start()
    await studio.scene.superuser.collection('users').update(person.id, { name: 'Olaf the Second' })
    await studio.scene.superuser.collection('projects').update(projectId, { owner: studio.scene.owner.id })
    studio.bff.pass(SECOND)
    expect(await client.session.me.query()).toMatchObject({ name: 'Olaf the Second' })
    expect(await refusalOf(upload())).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })

  it('the BFF stays ready once it has been', async () => {
    expect(await readiness()).toBe(200)
    await studio.stack.part('pocketbase').stop()
    expect(await readiness()).toBe(200)
  })
})

describe('without the Asset Service', () => {
  it('records are served, and files are refused in words until it is back', async () => {
    const { client, projectId, cardId } = await createOnlooker()
    const assetServer = studio.stack.part('asset-server')
    await assetServer.kill()
    expect(await readiness()).toBe(503)
    expect(await client.cards.list.query({ projectId })).toHaveLength(1)
    const form = noteFrame('Later.', { projectId, cardId })
    const refusal = await refusalOf(client.files.uploadInline.mutate(form))
    expect(refusal).toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      message: 'The file service does not answer right now. Try again shortly.',
    })
    await assetServer.start()
    expect(await readiness()).toBe(200)
    expect(await client.files.uploadInline.mutate(form)).toMatchObject({ size: 6 })
  })
})
