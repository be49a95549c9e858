/** Bad input to uploads: each kind gets its typed error and leaves nothing behind in S3, registry or PocketBase. */
import { describe, expect, test } from 'vitest'
import { FILE_MAX_BYTES, INLINE_MAX_BYTES, MIB, UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import type { BeginUpload } from '@studio/contracts/upload'
import { beginUploadSchema } from '@studio/contracts/upload'
import { newFileId } from '../files/new-file-id.ts'
import { serviceForEachTest } from '../testing/service-for-each-test.ts'
import { putDirect, textBytes } from '../testing/service-under-test.ts'

const tested = serviceForEachTest()

const BYTES = textBytes('Northern lights over the fjord.')
/** How an ELF executable begins. */
const ELF = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Array.from({ length: 57 }, () => 0)])
const code = (expected: string) => expect.objectContaining({ code: expected })

/** Nothing in S3, no live row, no outbox entry, no record; `tombstones` are expired rows, which the clean-up removes. */
async function expectNothingLeft(recordsBefore: number, tombstones = 0): Promise<void> {
  expect(await tested.listKeys()).toEqual([])
  expect(await tested.countRows()).toEqual(tombstones === 0 ? {} : { expired: tombstones })
  expect(await tested.studio.countRecords()).toBe(recordsBefore)
}

describe('bad input gets its error and leaves nothing behind', () => {
  const inlineCases: [string, (bytes: Uint8Array) => Partial<BeginUpload>, string][] = [
    ['a wrong size', (bytes) => ({ size: bytes.length + 1 }), 'SIZE_MISMATCH'],
    ['a wrong checksum', () => ({ sha256: '0'.repeat(64) }), 'CHECKSUM_MISMATCH'],
    ['a type that is not allowed', () => ({ mimeType: 'application/x-msdownload' }), 'TYPE_NOT_ALLOWED'],
    [
      'a text called a picture, as a preview',
      () => ({ mimeType: 'image/png', usage: 'preview' }),
      'TYPE_NOT_ALLOWED',
    ],
    ['a text as a thumbnail', () => ({ usage: 'thumbnail' }), 'TYPE_NOT_ALLOWED'],
  ]
  test.each(inlineCases)('inline: %s', async (_name, change, expected) => {
    const recordsBefore = await tested.studio.countRecords()
    const request = tested.requestFor(BYTES, change(BYTES))
    const put = tested.service.putInline(tested.actor, { request, bytes: BYTES })
    await expect(put).rejects.toThrow(code(expected))
    await expectNothingLeft(recordsBefore)
  })

  test('inline: one byte over the limit', async () => {
    const recordsBefore = await tested.studio.countRecords()
    const bytes = new Uint8Array(INLINE_MAX_BYTES + 1).fill(65)
    const put = tested.service.putInline(tested.actor, {
      request: tested.requestFor(bytes),
      bytes,
    })
    await expect(put).rejects.toThrow(code('FILE_TOO_LARGE'))
    await expectNothingLeft(recordsBefore)
  })

  test('inline: exactly the limit works', async () => {
    const bytes = new Uint8Array(1 * MIB).fill(65)
    const put = tested.service.putInline(tested.actor, {
      request: tested.requestFor(bytes),
      bytes,
    })
    await expect(put).resolves.toMatchObject({ size: MIB })
  })

  test('inline: an executable under a harmless type', async () => {
    const recordsBefore = await tested.studio.countRecords()
    const request = tested.requestFor(ELF, { mimeType: 'application/octet-stream' })
    const put = tested.service.putInline(tested.actor, { request, bytes: ELF })
    await expect(put).rejects.toThrow(code('TYPE_NOT_ALLOWED'))
    await expectNothingLeft(recordsBefore)
  })

  test.each([
    ['one byte over the limit', { size: FILE_MAX_BYTES + 1 }, 'FILE_TOO_LARGE'],
    ['a type that is not allowed', { mimeType: 'application/x-elf' }, 'TYPE_NOT_ALLOWED'],
  ])('begin: %s', async (_name, change, expected) => {
    const recordsBefore = await tested.studio.countRecords()
    const begun = tested.service.beginUpload(tested.actor, tested.requestFor(BYTES, change))
    await expect(begun).rejects.toThrow(code(expected))
    await expectNothingLeft(recordsBefore)
  })

  test('begin: a reused idempotency key with other parameters', async () => {
    const request = tested.requestFor(BYTES)
    await tested.service.beginUpload(tested.actor, request)
    const other = tested.service.beginUpload(tested.actor, { ...request, name: 'other.txt' })
    await expect(other).rejects.toThrow(code('IDEMPOTENCY_KEY_REUSED'))
    expect(await tested.countRows()).toEqual({ uploading: 1 })
  })

  test('direct: S3 itself refuses other bytes, and another length', async () => {
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    const altered = textBytes('Northern lights over the fjorD.')
    expect((await putDirect(begun, altered)).status).toBe(400)
    expect((await putDirect(begun, textBytes('short'))).ok).toBe(false)
    expect(await tested.listKeys()).toEqual([])
    await expect(tested.service.completeUpload(tested.actor, begun)).rejects.toThrow(
      code('UPLOAD_INCOMPLETE'),
    )
  })

  test('direct: a program called a picture, and the same error when asked again', async () => {
    const recordsBefore = await tested.studio.countRecords()
    const begun = await tested.service.beginUpload(
      tested.actor,
      tested.requestFor(ELF, { mimeType: 'image/png' }),
    )
    expect((await putDirect(begun, ELF)).status).toBe(200)
    await expect(tested.service.completeUpload(tested.actor, begun)).rejects.toThrow(code('TYPE_NOT_ALLOWED'))
    await expectNothingLeft(recordsBefore, 1)
    await expect(tested.service.completeUpload(tested.actor, begun)).rejects.toThrow(code('TYPE_NOT_ALLOWED'))
    tested.clock.secondsAhead = UPLOAD_URL_SECONDS + 2 * 3600
    await tested.service.expireUploads()
    await expectNothingLeft(recordsBefore)
  })

  test('an expired and a tampered upload URL', async () => {
    tested.clock.secondsAhead = -UPLOAD_URL_SECONDS - 60
    const expired = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    expect((await putDirect(expired, BYTES)).status).toBe(403)
    tested.clock.secondsAhead = 0
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    if (begun.state !== 'uploading' || begun.transport.kind !== 'direct') throw new Error('not begun')
    const url = begun.transport.url.replace(begun.fileId, newFileId())
    const tampered = { ...begun, transport: { ...begun.transport, url } }
    expect((await putDirect(tampered, BYTES)).status).toBe(403)
    expect(await tested.listKeys()).toEqual([])
  })

  test('an unknown id and someone else’s look the same', async () => {
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(BYTES))
    await putDirect(begun, BYTES)
    const stranger = { ...tested.actor, subject: 'someoneelse0001' }
    const unknown = { fileId: newFileId() }
    const attempts = [
      () => tested.service.completeUpload(stranger, begun),
      () => tested.service.abortUpload(stranger, begun),
      () => tested.service.completeUpload(tested.actor, unknown),
      () => tested.service.abortUpload(tested.actor, unknown),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(code('UPLOAD_NOT_FOUND'))
    const { items } = await tested.service.resolveUrls(tested.actor, {
      items: [begun, unknown].map(({ fileId }) => ({ fileId, disposition: 'inline' as const })),
    })
    expect(items.map((item) => item.status === 'error' && item.code)).toEqual([
      'FILE_NOT_FOUND',
      'FILE_NOT_FOUND',
    ])
  })

  test('an expired and a tampered read URL', async () => {
    const put = () =>
      tested.service.putInline(tested.actor, { request: tested.requestFor(BYTES), bytes: BYTES })
    const { fileId } = await put()
    const other = await put()
    const items = [{ fileId, disposition: 'inline' as const }]
    const [fresh] = (await tested.service.resolveUrls(tested.actor, { items })).items
    if (fresh?.status !== 'ok') throw new Error('no URL')
    expect((await fetch(fresh.url.replace(fileId, other.fileId))).status).toBe(403)
    expect((await fetch(fresh.url.replace('inline', 'attachment'))).status).toBe(403)
    expect((await fetch(fresh.url.split('?')[0] ?? '')).status).toBe(403)
    tested.clock.secondsAhead = -3600
    const [stale] = (await tested.service.resolveUrls(tested.actor, { items })).items
    if (stale?.status !== 'ok') throw new Error('no URL')
    expect((await fetch(stale.url)).status).toBe(403)
  })
})

describe('names, as the contract reads them', () => {
  test.each(['../../etc/passwd', 'C:\\Windows\\a.txt', 'a/b.png', '..', 'bell\u0007.txt', '', 'lone\ud800'])(
    'refuses %j',
    (name) => {
      expect(beginUploadSchema.safeParse(tested.requestFor(BYTES, { name })).success).toBe(false)
    },
  )
})
