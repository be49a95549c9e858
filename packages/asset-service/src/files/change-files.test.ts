/** Trash, restore and purge over real servers: what the registry says, the record and the store follow. */
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FileFate } from '@studio/contracts/file-life'
import type { FileId } from '@studio/contracts/file'
import type { Ports } from '../ports/ports.ts'
import { deliverEntry } from '../metadata-outbox/deliver.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import {
  createServiceUnderTest,
  putDirect,
  textBytes,
  type ServiceUnderTest,
} from '../testing/service-under-test.ts'
import { createTestStudio, type TestStudio } from '../testing/test-studio.ts'
import { restoreFiles, trashFiles } from './change-files.ts'
import { newFileId } from './new-file-id.ts'
import { objectKey } from './object-key.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let studio: TestStudio
let tested: ServiceUnderTest
let now: Date
beforeAll(async () => {
  studio = await createTestStudio()
})
beforeEach(async () => {
  now = new Date()
  tested = await createServiceUnderTest({ studio, now: () => now })
  return () => tested.close()
})

const store = async (text: string = crypto.randomUUID()): Promise<FileId> => {
  const bytes = textBytes(text)
  const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(bytes))
  await putDirect(begun, bytes)
  return (await tested.service.completeUpload(tested.actor, begun)).fileId
}
const asked = (...fileIds: FileId[]) => ({ fileIds, projectIds: [studio.projectId] })
const trash = async (...ids: FileId[]): Promise<FileFate[]> =>
  (await tested.service.trashFiles(tested.actor, asked(...ids))).items
const restore = async (...ids: FileId[]): Promise<FileFate[]> =>
  (await tested.service.restoreFiles(tested.actor, asked(...ids))).items
const purge = async (...ids: FileId[]): Promise<FileFate[]> =>
  (await tested.service.purgeFiles(tested.actor, asked(...ids))).items
const urlOf = async (fileId: FileId) =>
  (await tested.service.resolveUrls(tested.actor, { items: [{ fileId, disposition: 'inline' }] })).items[0]
const isReadable = async (fileId: FileId) => (await urlOf(fileId))?.status === 'ok'
describe('a trashed file', () => {
  test('has no record and no address, keeps its bytes, and says on which day it is purged', async () => {
    const fileId = await store()
    const purgeAt = new Date(now.getTime() + 30 * DAY_MS).toISOString()
    expect(await trash(fileId)).toEqual([{ status: 'ok', fileId, state: 'trashed', purgeAt }])
    expect(await studio.findRecord(fileId)).toBeUndefined()
    expect(await isReadable(fileId)).toBe(false)
    expect(await tested.listKeys()).toEqual([objectKey(fileId)])
    expect(await tested.countRows()).toEqual({ trashed: 1 })
    const listed = await tested.service.listTrash(tested.actor, { projectId: studio.projectId })
    expect(listed.files).toMatchObject([{ fileId, name: 'notes.txt', purgeAt, cardId: studio.cardId }])
    now = new Date(now.getTime() + DAY_MS)
    // Trashed again, it keeps its day.
    expect(await trash(fileId)).toMatchObject([{ state: 'trashed', purgeAt }])
  })

  test('is back after it was restored: record, address and bytes; restored again, it answers the same', async () => {
    const fileId = await store('here again')
    await trash(fileId)
    for (let time = 0; time < 2; time += 1) {
      expect(await restore(fileId)).toEqual([{ status: 'ok', fileId, state: 'ready' }])
    }
    expect(await studio.findRecord(fileId)).toMatchObject({
      id: fileId,
      name: 'notes.txt',
      card: studio.cardId,
    })
    const url = await urlOf(fileId)
    if (url?.status !== 'ok') throw new Error('no address')
    expect(await (await fetch(url.url)).text()).toBe('here again')
    expect(await tested.countRows()).toEqual({ ready: 1 })
  })

  test('cannot be restored once the day of its purge has come, also before it is purged', async () => {
    const fileId = await store()
    await trash(fileId)
    now = new Date(now.getTime() + 30 * DAY_MS)
    expect(await restore(fileId)).toEqual([{ status: 'error', fileId, code: 'FILE_NOT_FOUND' }])
  })

  test('owns its object: reconciliation leaves it', async () => {
    const fileId = await store()
    await trash(fileId)
    expect(await reconcile(tested.ports, { graceSeconds: -60 })).toMatchObject({
      orphansRemoved: 0,
      findings: 0,
    })
    expect(await tested.listKeys()).toEqual([objectKey(fileId)])
  })
})

describe('a purge', () => {
  test('takes what is due and nothing else: bytes, record and the project’s space; the row stays', async () => {
    const due = await store('due')
    const later = await store('later')
    const ready = await store('ready')
    await tested.run(sql`
      insert into project_storage (project_id, used_bytes) values (${studio.projectId}, 1000)
      on conflict (project_id) do update set used_bytes = 1000`)
    await trash(due)
    now = new Date(now.getTime() + DAY_MS)
    await trash(later)
    now = new Date(now.getTime() + 29 * DAY_MS)
    expect(await tested.service.purgeDue()).toBe(1)
    expect(await tested.service.purgeDue()).toBe(0)
    expect((await tested.listKeys()).sort()).toEqual([objectKey(later), objectKey(ready)].sort())
    expect(await tested.countRows()).toEqual({ purged: 1, ready: 1, trashed: 1 })
    expect(
      await tested.run(
        sql`select from project_storage where project_id = ${studio.projectId} and used_bytes = 997`,
      ),
    ).toBe(1)
    expect(await restore(due)).toEqual([{ status: 'error', fileId: due, code: 'FILE_NOT_FOUND' }])
    expect(await reconcile(tested.ports, { graceSeconds: -60 })).toMatchObject({
      orphansRemoved: 0,
      findings: 0,
    })
  })

  test('that somebody asks for takes trashed files only, and answers the same again', async () => {
    const trashed = await store()
    const ready = await store()
    await trash(trashed)
    for (let time = 0; time < 2; time += 1) {
      expect(await purge(trashed, ready)).toEqual([
        { status: 'ok', fileId: trashed, state: 'purged' },
        { status: 'error', fileId: ready, code: 'FILE_NOT_TRASHED' },
      ])
    }
    expect(await tested.listKeys()).toEqual([objectKey(ready)])
  })
})

test('unknown files, unfinished uploads and files of other projects look the same, and stay as they are', async () => {
  const fileId = await store()
  const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(textBytes('unfinished')))
  const elsewhere = { fileIds: [fileId, begun.fileId, newFileId()], projectIds: [] }
  const here = asked(begun.fileId, newFileId())
  for (const change of [elsewhere, here]) {
    for (const method of ['trashFiles', 'restoreFiles', 'purgeFiles'] as const) {
      const { items } = await tested.service[method](tested.actor, change)
      expect(items).toEqual(
        change.fileIds.map((id) => ({ status: 'error', fileId: id, code: 'FILE_NOT_FOUND' })),
      )
    }
  }
  expect(await tested.countRows()).toEqual({ ready: 1, uploading: 1 })
  expect(await tested.service.findPlaces(tested.actor, asked(fileId, begun.fileId, newFileId()))).toEqual({
    places: [{ fileId, projectId: studio.projectId }],
  })
})

describe('the record ends as the row is', () => {
  /** Holds the first call of a metadata method back until it is let go. */
  function holdFirst(method: 'createIfAbsent' | 'remove') {
    let letGo = () => {}
    const gate = new Promise<void>((resolve) => (letGo = resolve))
    let reached = () => {}
    const isReached = new Promise<void>((resolve) => (reached = resolve))
    let calls = 0
    const metadata = new Proxy(tested.ports.metadata, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        if (name !== method || typeof member !== 'function') return member
        return async (...args: unknown[]) => {
          calls += 1
          if (calls === 1) {
            reached()
            await gate
          }
          return member.apply(target, args)
        }
      },
    })
    const ports: Ports = { ...tested.ports, metadata }
    return { ports, isReached, letGo: () => letGo() }
  }

  test('when the removal that trashing sent comes after the restored record', async () => {
    const fileId = await store()
    const late = holdFirst('remove')
    const trashing = trashFiles(late.ports, tested.actor, asked(fileId))
    await late.isReached
    await restore(fileId)
    late.letGo()
    await trashing
    expect(await studio.findRecord(fileId)).toMatchObject({ id: fileId })
    expect(await tested.countRows()).toEqual({ ready: 1 })
  })

  test('when the record that restoring sent comes after the file was trashed again', async () => {
    const fileId = await store()
    await trash(fileId)
    const late = holdFirst('createIfAbsent')
    const restoring = restoreFiles(late.ports, tested.actor, asked(fileId))
    await late.isReached
    await trash(fileId)
    late.letGo()
    await restoring
    expect(await studio.findRecord(fileId)).toBeUndefined()
    expect(await tested.countRows()).toEqual({ trashed: 1 })
  })

  test('when the file was purged while its removal was on the way: its bytes are gone as well', async () => {
    const fileId = await store()
    const late = holdFirst('remove')
    const trashing = trashFiles(late.ports, tested.actor, asked(fileId))
    await late.isReached
    await purge(fileId)
    late.letGo()
    await trashing
    expect(await tested.listKeys()).toEqual([])
    expect(await tested.countRows()).toEqual({ purged: 1 })
  })

  test('whatever entries are delivered, in any order and again', async () => {
    const fileId = await store()
    await trash(fileId)
    await restore(fileId)
    const [standing] = await tested.ports.registry.findReadable([fileId], tested.actor)
    if (standing === undefined) throw new Error('not ready')
    await trash(fileId)
    for (const kind of ['create', 'remove', 'checksum', 'create'] as const) {
      // Read while it was ready, delivered after it was trashed.
      await deliverEntry(tested.ports, { id: '0', kind, attempts: 0, row: standing })
      expect(await studio.findRecord(fileId)).toBeUndefined()
    }
  })
})
