/** What a person is shown of their unfinished uploads, and what they are offered before they send a file again. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DuplicateItem } from '@studio/contracts/pending-upload'
import type { BeginUpload } from '@studio/contracts/upload'
import {
  createServiceUnderTest,
  putDirect,
  sha256Of,
  textBytes,
  type ServiceUnderTest,
} from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'

const PART = 8 * 1024 * 1024
const SAMPLE = 'ab'.repeat(32)

let studio: TestStudio
let tested: ServiceUnderTest
let secondsAhead = 0
beforeAll(async () => {
  studio = await createTestStudio()
  tested = await createServiceUnderTest({ studio, now: () => new Date(Date.now() + secondsAhead * 1000) })
})
afterAll(() => tested.close())
beforeEach(() => {
  secondsAhead = 0
  return async () => {
    for (const { fileId } of (await pending()).uploads)
      await tested.service.abortUpload(tested.actor, { fileId })
  }
})

const pending = (query: { limit?: number; cursor?: string } = {}, actor = tested.actor) =>
  tested.service.listPending(actor, { limit: 100, ...query })
const begin = (change: Partial<BeginUpload> = {}) =>
  tested.service.beginUpload(tested.actor, tested.requestFor(textBytes(crypto.randomUUID()), change))
const inParts = (change: Partial<BeginUpload> = {}) =>
  begin({ size: 3 * PART, sha256: undefined, fingerprint: { lastModified: 1, sample: SAMPLE }, ...change })

describe('pending uploads', () => {
  test('are one’s own, newest first, with all that goes on with them, a page at a time', async () => {
    const begun = [await begin(), await begin({ path: 'a/b' }), await inParts()].map(({ fileId }) => fileId)
    const first = await pending({ limit: 2 })
    expect(first.uploads.map(({ fileId }) => fileId)).toEqual([begun[2], begun[1]])
    const second = await pending({ limit: 2, cursor: first.next ?? '' })
    expect(second).toMatchObject({ uploads: [{ fileId: begun[0], transport: 'direct' }], next: null })
    expect(first.uploads[1]?.request).toMatchObject({ path: 'a/b', projectId: studio.projectId })
    const [upload] = first.uploads
    expect(
      await tested.service.beginUpload(tested.actor, upload?.request ?? tested.requestFor(textBytes(''))),
    ).toMatchObject({
      state: 'uploading',
      fileId: upload?.fileId,
    })
    expect(await pending({}, { ...tested.actor, subject: 'somebodyelse000' })).toEqual({
      uploads: [],
      next: null,
    })
    await expect(pending({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  })

  test('say how much of one in parts does not have to be sent again', async () => {
    const { fileId } = await inParts()
    const bytes = new Uint8Array(PART)
    const { parts } = await tested.service.signParts(tested.actor, {
      fileId,
      parts: [{ partNumber: 2, sha256: sha256Of(bytes) }],
    })
    const [part] = parts
    if (part === undefined) throw new Error('no part was signed')
    expect((await fetch(part.url, { method: 'PUT', headers: part.headers, body: bytes })).status).toBe(200)
    expect((await pending()).uploads).toMatchObject([{ fileId, confirmedBytes: PART }])
  })

  test('are not listed when they are stored, ended, or their time is over', async () => {
    const bytes = textBytes('stored')
    const stored = await tested.service.beginUpload(tested.actor, tested.requestFor(bytes))
    await putDirect(stored, bytes)
    await tested.service.completeUpload(tested.actor, { fileId: stored.fileId })
    const { fileId } = await begin()
    await tested.service.abortUpload(tested.actor, { fileId })
    const overdue = await begin()
    expect((await pending()).uploads.map((upload) => upload.fileId)).toEqual([overdue.fileId])
    secondsAhead = 8 * 24 * 3600
    expect((await pending()).uploads).toEqual([])
  })
})

describe('a duplicate', () => {
  const offer = async (item: DuplicateItem, change: { projectId?: TestStudio['projectId'] } = {}) => {
    const projectId = change.projectId ?? studio.projectId
    const { offers } = await tested.service.findDuplicates(tested.actor, { projectId, items: [item] })
    return offers[0]
  }
  const itemOf = ({ name, size, sha256, cardId, fingerprint }: BeginUpload): DuplicateItem => ({
    name,
    size,
    sha256,
    cardId,
    fingerprint,
  })
  const store = async (change: Partial<BeginUpload> = {}) => {
    const bytes = textBytes(crypto.randomUUID())
    const request = tested.requestFor(bytes, change)
    const stored = await tested.service.putInline(tested.actor, { request, bytes })
    // Its record was on its way when it was answered, and is there now.
    return { request, file: { ...stored, record: 'written' } }
  }

  test('that was begun in the same place is offered to go on, and that of another place or name is not', async () => {
    const request = tested.requestFor(textBytes('begun twice'))
    const { fileId } = await tested.service.beginUpload(tested.actor, request)
    expect(await offer(itemOf(request))).toMatchObject({ kind: 'continue', upload: { fileId, request } })
    expect(await offer({ ...itemOf(request), name: 'other.txt' })).toEqual({ kind: 'none' })
    expect(await offer({ ...itemOf(request), cardId: undefined })).toEqual({ kind: 'none' })
    expect(await offer({ ...itemOf(request), sha256: 'cd'.repeat(32) })).toEqual({ kind: 'none' })
    secondsAhead = 8 * 24 * 3600
    expect(await offer(itemOf(request))).toEqual({ kind: 'none' })
  })

  test('too large to be hashed is recognised by size and sample, whenever it was last changed', async () => {
    const { fileId } = await inParts({ name: 'film.mov' })
    const item = { name: 'film.mov', size: 3 * PART, cardId: studio.cardId }
    const fingerprint = { lastModified: null, sample: SAMPLE }
    expect(await offer({ ...item, fingerprint })).toMatchObject({ kind: 'continue', upload: { fileId } })
    expect(await offer({ ...item, size: 3 * PART + 1, fingerprint })).toEqual({ kind: 'none' })
    expect(await offer(item)).toEqual({ kind: 'none' })
  })

  test('is known to be in the project already, by whatever name and whoever brought it', async () => {
    const { request, file } = await store({ fingerprint: { lastModified: 1, sample: 'ef'.repeat(32) } })
    const elsewhere = { name: 'renamed.txt', size: request.size }
    expect(await offer({ ...elsewhere, sha256: request.sha256 })).toEqual({ kind: 'already-here', file })
    expect(await offer({ ...elsewhere, fingerprint: { lastModified: 2, sample: 'ef'.repeat(32) } })).toEqual({
      kind: 'already-here',
      file,
    })
    const { offers } = await tested.service.findDuplicates(
      { ...tested.actor, subject: 'colleague000001' },
      {
        projectId: studio.projectId,
        items: [
          { ...elsewhere, sha256: request.sha256 },
          { name: 'new', size: 1 },
        ],
      },
    )
    expect(offers.map(({ kind }) => kind)).toEqual(['already-here', 'none'])
  })

  test('in another project, or of somebody else’s unfinished upload, is nobody’s business', async () => {
    const { request } = await store()
    const other = await createTestStudio()
    expect(await offer(itemOf(request), { projectId: other.projectId })).toEqual({ kind: 'none' })
    const begun = tested.requestFor(textBytes('not finished'))
    await tested.service.beginUpload(tested.actor, begun)
    const { offers } = await tested.service.findDuplicates(
      { ...tested.actor, subject: 'colleague000001' },
      { projectId: studio.projectId, items: [itemOf(begun)] },
    )
    expect(offers).toEqual([{ kind: 'none' }])
  })

  test('reserves nothing: the same file is stored once more by who wants it so', async () => {
    const { request, file } = await store()
    const before = await tested.service.projectStorage({ projectId: studio.projectId })
    await offer(itemOf(request))
    expect(await tested.service.projectStorage({ projectId: studio.projectId })).toEqual(before)
    const again = await tested.service.beginUpload(tested.actor, {
      ...request,
      idempotencyKey: crypto.randomUUID(),
    })
    expect(again.state).toBe('uploading')
    expect(again.fileId).not.toBe(file.fileId)
  })
})
