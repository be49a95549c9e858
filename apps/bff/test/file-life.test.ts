/** Trash, copies and imports through the BFF, for people who may and people who may not. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createRecord, newId } from './people.ts'
import { startStudioBehindBff, type StudioBehindBff } from './studio-behind-bff.ts'
import { refusalOf } from './test-bff.ts'
import { beginRequest } from './upload-request.ts'

const SECOND = 1_000

let studio: StudioBehindBff
let web: Server

beforeAll(async () => {
  studio = await startStudioBehindBff()
  web = createServer((_request, response) => response.end('private'))
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  web.close()
  await studio.close()
})

/** A file of the member that is stored and that PocketBase has the record of. */
async function storeNote(text: string): Promise<string> {
  const { bff, scene } = studio
  const bytes = new TextEncoder().encode(text)
  const client = bff.as(scene.member)
  const begun = await client.files.begin.mutate(beginRequest(bytes, { projectId: scene.project }))
  if (begun.state !== 'uploading' || begun.transport.kind !== 'direct') throw new Error(begun.state)
  const { url, headers } = begun.transport
  await fetch(url, { method: 'PUT', headers, body: bytes })
  await client.files.complete.mutate({ fileId: begun.fileId })
  await vi.waitFor(() => scene.member.client.collection('files').getOne(begun.fileId), {
    timeout: 10 * SECOND,
  })
  return begun.fileId
}

const listed = async (): Promise<string[]> =>
  (await studio.bff.as(studio.scene.owner).files.list.query({ projectId: studio.scene.project })).map(
    ({ id }) => id,
  )

describe('a file in the trash', () => {
  it('is on no list but the trash’s, has no address, and comes back to everybody in the project', async () => {
    const { bff, scene } = studio
    const fileId = await storeNote('coming back')
    const { items } = await bff.as(scene.member).files.trash.mutate({ fileIds: [fileId] })
    expect(items).toMatchObject([{ status: 'ok', fileId, state: 'trashed' }])
    expect(await listed()).not.toContain(fileId)
    expect((await bff.as(scene.member).files.urls.query({ items: [{ fileId }] })).items).toEqual([
      { status: 'error', fileId, code: 'FILE_NOT_FOUND' },
    ])
    const { files } = await bff.as(scene.owner).files.listTrash.query({ projectId: scene.project })
    expect(files).toContainEqual(expect.objectContaining({ fileId, name: 'note.txt' }))
    // Of another person in the project, and twice.
    for (let time = 0; time < 2; time += 1) {
      const restored = await bff.as(scene.owner).files.restore.mutate({ fileIds: [fileId] })
      expect(restored.items).toEqual([{ status: 'ok', fileId, state: 'ready' }])
    }
    expect(await listed()).toContain(fileId)
  })

  it('is gone for ever once it is purged, and only then', async () => {
    const { bff, scene } = studio
    const fileId = await storeNote('for ever')
    const client = bff.as(scene.member)
    const purge = async () => (await client.files.purge.mutate({ fileIds: [fileId] })).items[0]
    expect(await purge()).toEqual({ status: 'error', fileId, code: 'FILE_NOT_TRASHED' })
    await client.files.trash.mutate({ fileIds: [fileId] })
    for (let time = 0; time < 2; time += 1) {
      expect(await purge()).toEqual({ status: 'ok', fileId, state: 'purged' })
    }
    const { items } = await client.files.restore.mutate({ fileIds: [fileId] })
    expect(items).toEqual([{ status: 'error', fileId, code: 'FILE_NOT_FOUND' }])
  })
})

describe('a stranger', () => {
  it('cannot tell a file from none, and changes nothing', async () => {
    const { bff, scene } = studio
    const [ready, trashed] = [await storeNote('ready'), await storeNote('trashed')]
    await bff.as(scene.member).files.trash.mutate({ fileIds: [trashed] })
    const fileIds = [ready, trashed, newId()]
    const nothing = fileIds.map((fileId) => ({ status: 'error', fileId, code: 'FILE_NOT_FOUND' }))
    const { files } = bff.as(scene.stranger)
    for (const change of [files.trash, files.restore, files.purge]) {
      expect((await change.mutate({ fileIds })).items).toEqual(nothing)
    }
    expect(await refusalOf(files.listTrash.query({ projectId: scene.project }))).toMatchObject({
      code: 'PROJECT_NOT_FOUND',
    })
    expect(await listed()).toContain(ready)
  })

  it('copies nothing out of a project, nor into one', async () => {
    const { bff, scene } = studio
    const fileId = await storeNote('kept inside')
    const idempotencyKey = crypto.randomUUID()
    const { files } = bff.as(scene.stranger)
    const out = files.copy.mutate({ idempotencyKey, fileId, target: { projectId: scene.foreignProject } })
    expect(await refusalOf(out)).toMatchObject({ code: 'FILE_NOT_FOUND' })
    const into = files.copy.mutate({ idempotencyKey, fileId, target: { projectId: scene.project } })
    expect(await refusalOf(into)).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    const imported = files.importUrl.mutate({
      idempotencyKey,
      url: 'https://example.com/',
      target: { projectId: scene.project },
    })
    expect(await refusalOf(imported)).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })
})

it('a member copies a file to a card, where everybody sees it', async () => {
  const { bff, scene } = studio
  const fileId = await storeNote('on a card')
  const cardId = await createRecord(scene.owner.client, 'cards', {
    project: scene.project,
    title: '',
    order: 'a0',
  })
  const copied = await bff.as(scene.member).files.copy.mutate({
    idempotencyKey: crypto.randomUUID(),
    fileId,
    target: { projectId: scene.project, cardId },
  })
  await vi.waitFor(async () => expect(await listed()).toContain(copied.fileId), { timeout: 10 * SECOND })
  const { items } = await bff.as(scene.owner).files.urls.query({ items: [{ fileId: copied.fileId }] })
  const [address] = items
  if (address?.status !== 'ok') throw new Error('no address')
  expect(await (await fetch(address.url)).text()).toBe('on a card')
})

it('nobody makes the Asset Service fetch what only it can reach', async () => {
  const { bff, scene } = studio
  const { port } = web.address() as AddressInfo
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433']) {
    const imported = bff.as(scene.member).files.importUrl.mutate({
      idempotencyKey: crypto.randomUUID(),
      url: `http://${host}:${port}/`,
      target: { projectId: scene.project },
    })
    expect(await refusalOf(imported)).toMatchObject({ code: 'IMPORT_ADDRESS_REFUSED' })
  }
})
