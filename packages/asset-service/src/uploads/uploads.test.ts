/** Uploads through the service, over real servers: what is stored, what is answered, and what bad input leaves behind. */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { UPLOAD_LIFE_SECONDS, UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import type { BeginUpload } from '@studio/contracts/upload'
import { beginUploadSchema } from '@studio/contracts/upload'
import { serviceForEachTest } from '../testing/service-for-each-test.ts'
import { putDirect, sha256Of, textBytes } from '../testing/service-under-test.ts'

const tested = serviceForEachTest()

const BYTES = textBytes('Northern lights over the fjord.')
const code = (expected: string) => expect.objectContaining({ code: expected })

async function read(
  fileId: BeginUpload['idempotencyKey'],
): Promise<{ response: Response; bytes: Uint8Array }> {
  const { items } = await tested.service.resolveUrls(tested.actor, {
    items: [{ fileId: fileId as never, disposition: 'inline' }],
  })
  const [item] = items
  if (item?.status !== 'ok') throw new Error(`no URL: ${JSON.stringify(item)}`)
  const response = await fetch(item.url)
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
}

/** Nothing in S3, no live row, no outbox entry, no record; `tombstones` are expired rows, which the clean-up removes. */
async function expectNothingLeft(recordsBefore: number, tombstones = 0): Promise<void> {
  expect(await tested.listKeys()).toEqual([])
  expect(await tested.countRows()).toEqual(tombstones === 0 ? {} : { expired: tombstones })
  expect(await tested.studio.countRecords()).toBe(recordsBefore)
}

describe('an inline upload', () => {
  test('is stored, recorded and read back identical', async () => {
    const request = tested.requestFor(BYTES, { name: 'présentation 最終版 🎬.txt' })
    const stored = await tested.service.putInline(tested.actor, { request, bytes: BYTES })
    // Answered when it is stored; its record is written meanwhile.
    expect(stored).toMatchObject({ size: BYTES.length, sha256: request.sha256, record: 'pending' })
    const { response, bytes } = await read(stored.fileId)
    expect(bytes).toEqual(BYTES)
    expect(response.headers.get('content-type')).toBe('text/plain')
    expect(response.headers.get('cache-control')).toContain('immutable')
    const record = await tested.studio.findRecord(stored.fileId)
    expect(record).toMatchObject({
      name: request.name,
      size: BYTES.length,
      owner: tested.studio.userId,
      card: tested.studio.cardId,
    })
    const [key] = await tested.listKeys()
    expect(JSON.stringify(record)).not.toContain(key)
  })

  test('of nothing works', async () => {
    const empty = new Uint8Array()
    const stored = await tested.service.putInline(tested.actor, {
      request: tested.requestFor(empty),
      bytes: empty,
    })
    const { response, bytes } = await read(stored.fileId)
    expect(response.status).toBe(200)
    expect(bytes).toHaveLength(0)
    expect(await tested.studio.findRecord(stored.fileId)).toMatchObject({ size: 0, sha256: sha256Of(empty) })
  })

  test('keeps a name of 300 emoji', async () => {
    const name = `${'👨‍👩‍👧‍👦'.repeat(300)}.txt`
    const request = beginUploadSchema.parse(tested.requestFor(BYTES, { name }))
    const stored = await tested.service.putInline(tested.actor, { request, bytes: BYTES })
    expect(await tested.studio.findRecord(stored.fileId)).toMatchObject({ name })
    expect((await read(stored.fileId)).response.status).toBe(200)
  })

  test('of a picture knows its size in pixels as it is shown', async () => {
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#0a5' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const bytes = new Uint8Array(picture)
    const request = tested.requestFor(bytes, { mimeType: 'image/jpeg', name: 'a.jpg' })
    const stored = await tested.service.putInline(tested.actor, { request, bytes })
    expect(stored).toMatchObject({ mimeType: 'image/jpeg', width: 30, height: 40 })
    expect(await tested.studio.findRecord(stored.fileId)).toMatchObject({ width: 30, height: 40 })
  })

  test('sent again with the same key answers the same file', async () => {
    const upload = { request: tested.requestFor(BYTES), bytes: BYTES }
    const first = await tested.service.putInline(tested.actor, upload)
    expect(await tested.service.putInline(tested.actor, upload)).toEqual({ ...first, record: 'written' })
    expect(await tested.listKeys()).toHaveLength(1)
  })

  test('sent twelve times at once is one file', async () => {
    const upload = { request: tested.requestFor(BYTES), bytes: BYTES }
    const all = await Promise.all(
      Array.from({ length: 12 }, () => tested.service.putInline(tested.actor, upload)),
    )
    expect(new Set(all.map((stored) => stored.fileId)).size).toBe(1)
    expect(await tested.countRows()).toMatchObject({ ready: 1 })
    expect(await tested.listKeys()).toHaveLength(1)
  })
})

describe('a direct upload', () => {
  test('is stored when it is completed, and not before', async () => {
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    const { fileId } = begun
    await expect(tested.service.completeUpload(tested.actor, { fileId })).rejects.toThrow(
      code('UPLOAD_INCOMPLETE'),
    )
    expect((await putDirect(begun, BYTES)).status).toBe(200)
    expect(await tested.studio.findRecord(fileId)).toBeUndefined()
    const stored = await tested.service.completeUpload(tested.actor, { fileId })
    expect(stored.record).toBe('written')
    expect(await tested.service.completeUpload(tested.actor, { fileId })).toEqual(stored)
    expect((await read(fileId)).bytes).toEqual(BYTES)
    expect(await tested.studio.findRecord(fileId)).toMatchObject({ id: fileId })
  })

  test('begun again with the same key goes on, and after its end answers the file', async () => {
    const request = tested.requestFor(BYTES)
    const first = await tested.service.beginUpload(tested.actor, request)
    const again = await tested.service.beginUpload(tested.actor, { ...request })
    expect(again.fileId).toBe(first.fileId)
    await putDirect(again, BYTES)
    const file = await tested.service.completeUpload(tested.actor, { fileId: first.fileId })
    expect(await tested.service.beginUpload(tested.actor, request)).toEqual({
      state: 'ready',
      fileId: first.fileId,
      file,
    })
  })

  test('of nothing works', async () => {
    const empty = new Uint8Array()
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(empty))
    expect((await putDirect(begun, empty)).status).toBe(200)
    expect(await tested.service.completeUpload(tested.actor, begun)).toMatchObject({ size: 0 })
  })

  test('cannot be changed after it is complete, even while its URL still works', async () => {
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    await putDirect(begun, BYTES)
    await tested.service.completeUpload(tested.actor, begun)
    const others = textBytes('Southern lights over the fjord.')
    expect((await putDirect(begun, others)).ok).toBe(false)
    expect((await read(begun.fileId)).bytes).toEqual(BYTES)
  })

  test('aborted leaves nothing, however often it is aborted, and cannot be completed', async () => {
    const recordsBefore = await tested.studio.countRecords()
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    await putDirect(begun, BYTES)
    const answer = await tested.service.abortUpload(tested.actor, begun)
    expect(await tested.service.abortUpload(tested.actor, begun)).toEqual(answer)
    await expect(tested.service.completeUpload(tested.actor, begun)).rejects.toThrow(code('UPLOAD_ENDED'))
    await expectNothingLeft(recordsBefore, 1)
  })

  test('aborted and then sent after all is cleaned up once its URL is dead', async () => {
    const recordsBefore = await tested.studio.countRecords()
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    await tested.service.abortUpload(tested.actor, begun)
    expect((await putDirect(begun, BYTES)).status).toBe(200)
    expect(await tested.service.expireUploads()).toBe(0)
    tested.clock.secondsAhead = UPLOAD_URL_SECONDS + 2 * 3600
    expect(await tested.service.expireUploads()).toBe(1)
    await expectNothingLeft(recordsBefore)
  })

  test('never finished expires and leaves nothing', async () => {
    const recordsBefore = await tested.studio.countRecords()
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    await putDirect(begun, BYTES)
    tested.clock.secondsAhead = UPLOAD_LIFE_SECONDS + 3600
    expect(await tested.service.expireUploads()).toBe(1)
    await expectNothingLeft(recordsBefore)
    await expect(tested.service.completeUpload(tested.actor, begun)).rejects.toThrow(code('UPLOAD_NOT_FOUND'))
  })

  test('that is complete cannot be aborted', async () => {
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    await putDirect(begun, BYTES)
    await tested.service.completeUpload(tested.actor, begun)
    await expect(tested.service.abortUpload(tested.actor, begun)).rejects.toThrow(
      code('UPLOAD_ALREADY_COMPLETE'),
    )
    expect((await read(begun.fileId)).bytes).toEqual(BYTES)
  })
})
