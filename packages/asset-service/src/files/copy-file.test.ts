/** Copies over real servers: the same bytes, a row of their own, and nothing left of those that did not come to be. */
import { createHash, randomBytes } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import type { CopyFile } from '@studio/contracts/file-life'
import { MIB } from '@studio/contracts/limits'
import { fusePorts } from '../testing/fuse.ts'
import {
  createServiceUnderTest,
  putDirect,
  sha256Of,
  textBytes,
  type ServiceUnderTest,
} from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'
import { partBytes, planParts } from '../uploads/part-plan.ts'
import { copyFile } from './copy-file.ts'
import { newFileId } from './new-file-id.ts'
import { objectKey } from './object-key.ts'

let studio: TestStudio
let other: TestStudio
let tested: ServiceUnderTest
let now: Date
beforeAll(async () => {
  studio = await createTestStudio()
  other = await createTestStudio()
})
beforeEach(async () => {
  now = new Date()
  tested = await createServiceUnderTest({ studio, now: () => now })
  return () => tested.close()
})

const store = async (text: string): Promise<FileId> => {
  const bytes = textBytes(text)
  const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(bytes))
  await putDirect(begun, bytes)
  return (await tested.service.completeUpload(tested.actor, begun)).fileId
}
/** A file in parts, whose SHA-256 as a whole nobody knows yet. */
const storeLarge = async (bytes: Uint8Array<ArrayBuffer>): Promise<FileId> => {
  const { sha256: _none, ...request } = tested.requestFor(bytes, { mimeType: 'application/octet-stream' })
  const { fileId } = await tested.service.beginUpload(tested.actor, request)
  const { partSize, partCount } = planParts(bytes.length)
  const parts = Array.from({ length: partCount }, (_, index) => {
    const from = index * partSize
    return bytes.slice(from, from + partBytes(bytes.length, index + 1))
  })
  for (const [index, part] of parts.entries()) {
    const { parts: signed } = await tested.service.signParts(tested.actor, {
      fileId,
      parts: [{ partNumber: index + 1, sha256: sha256Of(part) }],
    })
    await fetch(signed[0]?.url ?? '', { method: 'PUT', headers: signed[0]?.headers ?? {}, body: part })
  }
  return (await tested.service.completeUpload(tested.actor, { fileId, partDigests: parts.map(sha256Of) }))
    .fileId
}
const copyOf = (fileId: FileId, change: Partial<CopyFile> = {}): CopyFile => ({
  idempotencyKey: crypto.randomUUID(),
  fileId,
  target: { projectId: other.projectId, cardId: other.cardId },
  ...change,
})
const read = async (fileId: FileId): Promise<Uint8Array> => {
  const { items } = await tested.service.resolveUrls(tested.actor, {
    items: [{ fileId, disposition: 'inline' }],
  })
  const [item] = items
  if (item?.status !== 'ok') throw new Error('no address')
  return new Uint8Array(await (await fetch(item.url)).arrayBuffer())
}

test('a copy has its own id, row, record and bytes, and outlives its source', async () => {
  const fileId = await store('twice')
  const copied = await tested.service.copyFile(tested.actor, copyOf(fileId, { name: 'copy.txt' }))
  expect(copied).toMatchObject({ name: 'copy.txt', mimeType: 'text/plain', size: 5, record: 'written' })
  expect(copied.fileId).not.toBe(fileId)
  expect(await other.findRecord(copied.fileId)).toMatchObject({
    project: other.projectId,
    card: other.cardId,
  })
  const change = { fileIds: [fileId], projectIds: [studio.projectId] }
  await tested.service.trashFiles(tested.actor, change)
  await tested.service.purgeFiles(tested.actor, change)
  expect(new TextDecoder().decode(await read(copied.fileId))).toBe('twice')
})

test('a repeated copy is the same one, also when its source is in the trash by then', async () => {
  const copy = copyOf(await store('once'))
  const first = await tested.service.copyFile(tested.actor, copy)
  await tested.service.trashFiles(tested.actor, { fileIds: [copy.fileId], projectIds: [studio.projectId] })
  expect(await tested.service.copyFile(tested.actor, copy)).toEqual(first)
  expect(await tested.countRows()).toEqual({ ready: 1, trashed: 1 })
})

test('a copy of a file in parts is verified, and a scrub finds it intact', { timeout: 60_000 }, async () => {
  const bytes = new Uint8Array(randomBytes(20 * MIB + 1))
  const copied = await tested.service.copyFile(tested.actor, copyOf(await storeLarge(bytes)))
  expect(sha256Of(await read(copied.fileId))).toBe(sha256Of(bytes))
  expect(await tested.service.scrub({})).toMatchObject({ files: 2, findings: 0, checksumsFilledIn: 2 })
})

test('a copy whose bytes are others is refused, and nothing of it stays', async () => {
  const fileId = await store('as it was')
  const bytes = textBytes('as it is!')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await tested.ports.store.put({ key: objectKey(fileId), bytes, mimeType: 'text/plain', sha256 })
  const copy = copyOf(fileId)
  for (let time = 0; time < 2; time += 1) {
    await expect(tested.service.copyFile(tested.actor, copy)).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
    })
  }
  expect(await tested.listKeys()).toEqual([objectKey(fileId)])
})

describe('nothing is begun', () => {
  test('for a file that is not there, in the trash, or not finished', async () => {
    const trashed = await store('trashed')
    await tested.service.trashFiles(tested.actor, { fileIds: [trashed], projectIds: [studio.projectId] })
    const unfinished = await tested.service.beginUpload(tested.actor, tested.requestFor(textBytes('never')))
    for (const fileId of [newFileId(), trashed, unfinished.fileId]) {
      await expect(tested.service.copyFile(tested.actor, copyOf(fileId))).rejects.toMatchObject({
        code: 'FILE_NOT_FOUND',
      })
    }
    expect(await tested.countRows()).toEqual({ trashed: 1, uploading: 1 })
  })

  test('for a usage that the file’s type does not fit', async () => {
    const copy = copyOf(await store('text'), { usage: 'thumbnail' })
    await expect(tested.service.copyFile(tested.actor, copy)).rejects.toMatchObject({
      code: 'TYPE_NOT_ALLOWED',
    })
    expect(await tested.countRows()).toEqual({ ready: 1 })
  })
})

test.each(['before', 'after'] as const)(
  'a crash %s any effect leaves what a second try finishes, or expiry removes',
  { timeout: 120_000 },
  async (moment) => {
    const fileId = await store('survivor')
    for (let effect = 0; ; effect += 1) {
      const [retried, forgotten] = [copyOf(fileId), copyOf(fileId)]
      for (const copy of [retried, forgotten]) {
        const fused = fusePorts(tested.ports, { effect, moment })
        await copyFile(fused.ports, tested.actor, copy).catch(() => undefined)
        if (fused.isBlown()) continue
        expect(effect).toBe(7)
        return
      }
      const copied = await tested.service.copyFile(tested.actor, retried)
      expect(new TextDecoder().decode(await read(copied.fileId))).toBe('survivor')
      now = new Date(now.getTime() + 3 * 60 * 60 * 1000)
      await tested.service.expireUploads()
      now = new Date(now.getTime() + 3 * 60 * 60 * 1000)
      await tested.service.expireUploads()
      const { ready } = await tested.countRows()
      expect(await tested.countRows()).not.toHaveProperty('uploading')
      expect(await tested.listKeys()).toHaveLength(ready ?? 0)
      now = new Date()
    }
  },
)
