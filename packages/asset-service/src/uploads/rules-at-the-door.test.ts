/** Quota and content rules from begin to the URL that a person gets, over real servers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { INLINE_MAX_BYTES, MIB } from '@studio/contracts/limits'
import type { StoredFile } from '@studio/contracts/upload'
import { createAssetService } from '../index.ts'
import {
  createServiceUnderTest,
  putDirect,
  sha256Of,
  type ServiceUnderTest,
} from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'

const QUOTA = 1_000_000

/** As `zip -0` writes it: one entry of one letter, called `a`. */
const ARCHIVE = Buffer.from(
  '504b03040a0000000000000021000000000001000000010000000100000061' +
    '61504b01021e030a00000000000000210000000000010000000100000001000000000000000000000000000000000061' +
    '504b050600000000010001002f000000200000000000',
  'hex',
)
const PNG = await sharp({ create: { width: 300, height: 300, channels: 3, background: 'red' } })
  .png({ compressionLevel: 0 })
  .toBuffer()
const bytesOf = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts))

const SMALL = bytesOf(PNG.subarray(0, 1000), ARCHIVE)
/** Longer than what is read at once: both of its ends are. */
const LARGE = bytesOf(PNG, ARCHIVE)

let studio: TestStudio
let attaching: ServiceUnderTest
let refusing: ServiceUnderTest
beforeAll(async () => {
  studio = await createTestStudio()
  attaching = await createServiceUnderTest({ studio, defaultQuota: QUOTA })
  refusing = await createServiceUnderTest({ studio, polyglots: 'refuse' })
})
afterAll(() => Promise.all([attaching.close(), refusing.close()]))

const pictureOf = (tested: ServiceUnderTest, bytes: Uint8Array) =>
  tested.requestFor(bytes, { name: 'cover.png', mimeType: 'image/png' })

async function store(tested: ServiceUnderTest, bytes: Uint8Array<ArrayBuffer>): Promise<StoredFile> {
  const begun = await tested.service.beginUpload(tested.actor, pictureOf(tested, bytes))
  expect((await putDirect(begun, bytes)).status).toBe(200)
  return tested.service.completeUpload(tested.actor, { fileId: begun.fileId })
}

async function dispositionOf(
  { service, actor }: ServiceUnderTest,
  { fileId }: StoredFile,
): Promise<string | null> {
  const { items } = await service.resolveUrls(actor, { items: [{ fileId, disposition: 'inline' }] })
  const [answer] = items
  if (answer?.status !== 'ok') throw new Error('a ready file has no URL')
  return (await fetch(answer.url)).headers.get('content-disposition')
}

describe('a picture that is an archive as well', () => {
  test.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('is stored, marked and only ever saved: a %s one', async (_name, bytes) => {
    const stored = await store(attaching, bytes)
    expect(stored).toMatchObject({ mimeType: 'image/png', sha256: sha256Of(bytes) })
    expect(await dispositionOf(attaching, stored)).toMatch(/^attachment/)
    expect(await studio.findRecord(stored.fileId)).toMatchObject({ attachment_only: true })
  })

  test('is the same when it comes inline, and an honest picture is shown', async () => {
    const { service, actor } = attaching
    const two = await service.putInline(actor, { request: pictureOf(attaching, SMALL), bytes: SMALL })
    expect(await dispositionOf(attaching, two)).toMatch(/^attachment/)
    const one = await store(attaching, bytesOf(PNG))
    expect(await dispositionOf(attaching, one)).toMatch(/^inline/)
    expect(await studio.findRecord(one.fileId)).toMatchObject({ attachment_only: false })
  })

  test('is refused where that is the policy, and leaves nothing behind', async () => {
    const inline = refusing.service.putInline(refusing.actor, {
      request: pictureOf(refusing, SMALL),
      bytes: SMALL,
    })
    await expect(inline).rejects.toMatchObject({ code: 'FILE_AMBIGUOUS' })
    for (const bytes of [SMALL, LARGE]) {
      await expect(store(refusing, bytes)).rejects.toMatchObject({ code: 'FILE_AMBIGUOUS' })
    }
    expect(await refusing.listKeys()).toEqual([])
    expect(await refusing.countRows()).toEqual({ expired: 2 })
    expect((await refusing.service.projectStorage({ projectId: studio.projectId })).usedBytes).toBe(0)
  })
})

test('what does not fit into the project is refused by every transport and leaves nothing behind', async () => {
  const tested = await createServiceUnderTest({ studio, defaultQuota: 10 })
  try {
    const bytes = bytesOf(Buffer.from('eleven bytes'.slice(0, 11)))
    const request = tested.requestFor(bytes)
    const refused = { code: 'QUOTA_EXCEEDED', message: expect.stringContaining('10 bytes are free') }
    await expect(tested.service.putInline(tested.actor, { request, bytes })).rejects.toMatchObject(refused)
    await expect(tested.service.beginUpload(tested.actor, request)).rejects.toMatchObject(refused)
    const parted = { ...request, size: 64 * 1024 * 1024 }
    await expect(tested.service.beginUpload(tested.actor, parted)).rejects.toMatchObject(refused)
    expect(await tested.listKeys()).toEqual([])
    expect(await tested.countRows()).toEqual({})

    const { projectId } = studio
    const fitting = bytesOf(Buffer.from('ten bytes!'))
    const { fileId } = await tested.service.beginUpload(tested.actor, tested.requestFor(fitting))
    expect(await tested.service.projectStorage({ projectId })).toEqual({ usedBytes: 10, quotaBytes: 10 })
    await tested.service.abortUpload(tested.actor, { fileId })
    expect(await tested.service.projectStorage({ projectId })).toEqual({ usedBytes: 0, quotaBytes: 10 })
  } finally {
    await tested.close()
  }
})

test('what is too large for its usage is refused with the limit by every way in, and leaves nothing behind', async () => {
  const tested = await createServiceUnderTest({ studio })
  try {
    const { service, actor, ports } = tested
    const tooLarge = { code: 'FILE_TOO_LARGE', message: expect.stringContaining('at most 5 MiB') }
    const large = bytesOf(Buffer.alloc(5 * MIB + 1, 'a'))
    const avatar = { ...pictureOf(tested, large), usage: 'avatar' as const }
    await expect(service.beginUpload(actor, avatar)).rejects.toMatchObject(tooLarge)
    const parted = { ...avatar, size: 20 * MIB }
    await expect(service.beginUpload(actor, parted)).rejects.toMatchObject(tooLarge)
    const relaying = createAssetService({ ...ports, uploadTransport: 'relay' })
    await expect(relaying.beginUpload(actor, parted)).rejects.toMatchObject(tooLarge)
    const inline = bytesOf(Buffer.alloc(INLINE_MAX_BYTES + 1))
    await expect(
      service.putInline(actor, { request: pictureOf(tested, inline), bytes: inline }),
    ).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
    expect(await tested.countRows()).toEqual({})

    const begun = await service.beginUpload(actor, tested.requestFor(large))
    await putDirect(begun, large)
    await service.completeUpload(actor, { fileId: begun.fileId })
    const copy = {
      idempotencyKey: crypto.randomUUID(),
      fileId: begun.fileId,
      target: { projectId: studio.projectId },
      usage: 'avatar' as const,
    }
    await expect(service.copyFile(actor, copy)).rejects.toMatchObject(tooLarge)
    expect(await tested.countRows()).toMatchObject({ ready: 1 })
    expect(await tested.listKeys()).toHaveLength(1)
  } finally {
    await tested.close()
  }
})

test('the folders that a file was dropped with are in its record', async () => {
  const bytes = bytesOf(Buffer.from('dropped'))
  const request = attaching.requestFor(bytes, { path: 'shots/day 1' })
  const { fileId } = await attaching.service.putInline(attaching.actor, { request, bytes })
  expect(await studio.findRecord(fileId)).toMatchObject({ path: 'shots/day 1' })
})
