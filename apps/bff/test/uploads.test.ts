/** How files get in through the BFF and out again, with the real Asset Service behind it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createPerson, createPlaces, createRecord, newId } from './people.ts'
import { startStudioBehindBff, type StudioBehindBff } from './studio-behind-bff.ts'
import { refusalOf, startTestBff } from './test-bff.ts'
import { beginRequest, noteFrame } from './upload-request.ts'

const SECOND = 1_000

let studio: StudioBehindBff

beforeAll(async () => {
  studio = await startStudioBehindBff()
})

afterAll(() => studio.close())

/** A file that is stored and that PocketBase has the record of. */
async function storeNote(text: string): Promise<string> {
  const { bff, scene } = studio
  const { fileId } = await bff
    .as(scene.member)
    .files.uploadInline.mutate(noteFrame(text, { projectId: scene.project }))
  await vi.waitFor(() => scene.member.client.collection('files').getOne(fileId), { timeout: 10 * SECOND })
  return fileId
}

describe('a small file', () => {
  it('is stored by one call, gets its record, and reads back through its address', async () => {
    const { bff, scene } = studio
    const card = await createRecord(scene.owner.client, 'cards', {
      project: scene.project,
      title: '',
      order: 'a0',
    })
    const client = bff.as(scene.member)
    const form = noteFrame('Hello, Grace.', { projectId: scene.project, cardId: card, name: '最終版 🎬.txt' })
    const stored = await client.files.uploadInline.mutate(form)
    expect(stored).toMatchObject({ name: '最終版 🎬.txt', mimeType: 'text/plain', size: 13 })
    const listed = () => client.files.list.query({ projectId: scene.project })
    await vi.waitFor(async () => expect((await listed()).map(({ id }) => id)).toContain(stored.fileId), {
      timeout: 10 * SECOND,
    })
    expect((await listed()).find(({ id }) => id === stored.fileId)).toMatchObject({
      name: '最終版 🎬.txt',
      cardId: card,
      ownerId: scene.member.id,
      sha256: stored.sha256,
    })
    const { items } = await bff.as(scene.owner).files.urls.query({ items: [{ fileId: stored.fileId }] })
    const [address] = items
    if (address?.status !== 'ok') throw new Error(JSON.stringify(items))
    expect(await (await fetch(address.url)).text()).toBe('Hello, Grace.')
  })

  it('is stored once when the call is repeated', async () => {
    const { bff, scene } = studio
    const form = noteFrame('Once.', { projectId: scene.project })
    const first = await bff.as(scene.member).files.uploadInline.mutate(form)
    const second = await bff.as(scene.member).files.uploadInline.mutate(form)
    expect(second.fileId).toBe(first.fileId)
  })
})

describe('a large file', () => {
  it('is begun and completed here, while its bytes go where the answer says', async () => {
    const { bff, scene } = studio
    const client = bff.as(scene.member)
    const bytes = new Uint8Array(2 * 1024 ** 2).fill(7)
    const request = beginRequest(bytes, { projectId: scene.project, mimeType: 'application/octet-stream' })
    const begun = await client.files.begin.mutate(request)
    if (begun.state !== 'uploading') throw new Error(begun.state)
    const { transport, fileId } = begun
    if (transport.kind !== 'direct') throw new Error(transport.kind)
    expect(await refusalOf(client.files.complete.mutate({ fileId }))).toMatchObject({
      code: 'UPLOAD_INCOMPLETE',
    })
    const sent = await fetch(transport.url, { method: 'PUT', headers: transport.headers, body: bytes })
    expect(sent.status).toBe(200)
    const stored = await client.files.complete.mutate({ fileId })
    expect(stored).toMatchObject({ fileId, size: bytes.length, sha256: request.sha256 })
    expect(await client.files.complete.mutate({ fileId })).toMatchObject({ fileId, sha256: request.sha256 })
    expect(await client.files.begin.mutate(request)).toMatchObject({ state: 'ready', fileId })
    expect(await refusalOf(client.files.abort.mutate({ fileId }))).toMatchObject({
      code: 'UPLOAD_ALREADY_COMPLETE',
    })
  })

  it('can be cancelled by the one who began it, and by nobody else', async () => {
    const { bff, scene } = studio
    const request = beginRequest(new Uint8Array(9), { projectId: scene.project })
    const { fileId } = await bff.as(scene.member).files.begin.mutate(request)
    for (const other of [scene.owner, scene.stranger]) {
      const client = bff.as(other)
      expect(await refusalOf(client.files.abort.mutate({ fileId }))).toMatchObject({
        code: 'UPLOAD_NOT_FOUND',
      })
      expect(await refusalOf(client.files.complete.mutate({ fileId }))).toMatchObject({
        code: 'UPLOAD_NOT_FOUND',
      })
    }
    expect(await bff.as(scene.member).files.abort.mutate({ fileId })).toEqual({ fileId, state: 'expired' })
  })
})

describe('a refusal of the Asset Service', () => {
  it('reaches the browser with its own code, its words and the request id of the browser', async () => {
    const { bff, scene } = studio
    const request = beginRequest(new Uint8Array(9), { projectId: scene.project })
    await bff.as(scene.member).files.begin.mutate(request)
    const response = await fetch(`${bff.url}/trpc/files.begin`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${scene.member.token}`,
        'content-type': 'application/json',
        'x-request-id': 'click-42',
      },
      body: JSON.stringify({ ...request, size: 10 }),
    })
    expect(response.status).toBe(409)
    const body: unknown = await response.json()
    expect(body).toEqual({
      error: {
        message: expect.any(String),
        code: expect.any(Number),
        data: {
          code: 'CONFLICT',
          httpStatus: 409,
          studio: { code: 'IDEMPOTENCY_KEY_REUSED', message: expect.any(String), requestId: 'click-42' },
        },
      },
    })
  })

  it('names damaged bytes', async () => {
    const { bff, scene } = studio
    const frame = noteFrame('As it was.', { projectId: scene.project })
    frame.set(Buffer.from('is!!'), frame.length - 4)
    const refusal = await refusalOf(bff.as(scene.member).files.uploadInline.mutate(frame))
    expect(refusal).toMatchObject({ code: 'CHECKSUM_MISMATCH' })
  })

  it('of our own token does not end the session of the person', async () => {
    const { scene, stack } = studio
    const impostor = await startTestBff({
      pocketbaseUrl: stack.servers.pocketbase.url,
      assetServiceUrl: stack.urls['asset-server'],
      publicUrl: stack.urls.bff,
    })
    try {
      const form = noteFrame('From elsewhere.', { projectId: scene.project })
      const refusal = await refusalOf(impostor.as(scene.member).files.uploadInline.mutate(form))
      expect(refusal).toMatchObject({ code: 'INTERNAL' })
    } finally {
      await impostor.close()
    }
  })
})

describe('an upload to where one may not', () => {
  it('is refused before anything is begun, by the first thing that is not there', async () => {
    const { bff, scene } = studio
    const { owner, stranger, project, foreignProject } = scene
    const other = await createRecord(owner.client, 'projects', { name: 'Other', owner: owner.id })
    const elsewhere = await createPlaces(owner, other)
    const foreign = await createPlaces(stranger, foreignProject)
    const unknown = { cardId: newId(), assetId: newId(), generationId: newId() }
    const refusals = [
      [{ projectId: newId() }, 'PROJECT_NOT_FOUND'],
      [{ projectId: foreignProject }, 'PROJECT_NOT_FOUND'],
      [{ projectId: foreignProject, ...foreign }, 'PROJECT_NOT_FOUND'],
      ...[elsewhere, foreign, unknown].flatMap(({ cardId, assetId, generationId }) => [
        [{ projectId: project, cardId, assetId, generationId }, 'CARD_NOT_FOUND'] as const,
        [{ projectId: project, assetId, generationId }, 'ASSET_NOT_FOUND'] as const,
        [{ projectId: project, generationId }, 'GENERATION_NOT_FOUND'] as const,
      ]),
    ] as const
    const client = bff.as(owner)
    for (const [target, code] of refusals) {
      const request = beginRequest(new Uint8Array(1), target)
      expect(await refusalOf(client.files.begin.mutate(request)), JSON.stringify(target)).toMatchObject({
        code,
      })
      const inline = client.files.uploadInline.mutate(noteFrame('x', target))
      expect(await refusalOf(inline), JSON.stringify(target)).toMatchObject({ code })
    }
  })

  it('is refused to a member who was removed, at the latest ten seconds later', async () => {
    const { bff, scene } = studio
    const person = await createPerson(scene.superuser, 'Rita')
    const projectId = await createRecord(scene.owner.client, 'projects', {
      name: 'Guarded',
      owner: scene.owner.id,
      members: [person.id],
    })
    const upload = () => bff.as(person).files.uploadInline.mutate(noteFrame('Mine.', { projectId }))
    await upload()
    await scene.owner.client.collection('projects').update(projectId, { members: [] })
    bff.pass(10 * SECOND)
    expect(await refusalOf(upload())).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })
})

describe('addresses of files', () => {
  it('come in the order asked for, and only for files that one may see', async () => {
    const { bff, scene } = studio
    const [first, second] = [await storeNote('first'), await storeNote('second')]
    const unknown = newId()
    const items = [
      { fileId: second },
      { fileId: unknown },
      { fileId: first, disposition: 'attachment' as const },
      { fileId: first },
      { fileId: second },
    ]
    const answer = await bff.as(scene.owner).files.urls.query({ items })
    expect(answer.items.map(({ fileId }) => fileId)).toEqual(items.map(({ fileId }) => fileId))
    expect(answer.items.map(({ status }) => status)).toEqual(['ok', 'error', 'ok', 'ok', 'ok'])
    const texts = answer.items.map(async (item) =>
      item.status === 'ok' ? (await fetch(item.url)).text() : item.code,
    )
    expect(await Promise.all(texts)).toEqual(['second', 'FILE_NOT_FOUND', 'first', 'first', 'second'])
    const strangers = await bff
      .as(scene.stranger)
      .files.urls.query({ items: [{ fileId: first }, { fileId: unknown }] })
    expect(strangers.items).toEqual([
      { status: 'error', fileId: first, code: 'FILE_NOT_FOUND' },
      { status: 'error', fileId: unknown, code: 'FILE_NOT_FOUND' },
    ])
  })

  it('come for a thousand ids in one call, and for no more', async () => {
    const { bff, scene } = studio
    const known = await storeNote('among many')
    const items = Array.from({ length: 1_000 }, (_, index) => ({ fileId: index === 567 ? known : newId() }))
    const answer = await bff.as(scene.member).files.urls.query({ items })
    expect(answer.items.map(({ fileId }) => fileId)).toEqual(items.map(({ fileId }) => fileId))
    expect(answer.items.flatMap(({ status }, index) => (status === 'ok' ? [index] : []))).toEqual([567])
    const tooMany = bff.as(scene.member).files.urls.query({ items: [...items, { fileId: known }] })
    expect(await refusalOf(tooMany)).toMatchObject({ code: 'VALIDATION_FAILED' })
  })
})
