/** What every registry has to do: a test for each sentence of `FileRegistry`, `ExpiredUploads` and `MetadataOutbox`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectIdSchema } from '@studio/contracts/project'
import { newFileId } from '../files/new-file-id.ts'
import type { ExpiredUploads, FileRegistry, NewUpload, ObservedContent } from '../ports/file-registry.ts'
import type { MetadataOutbox } from '../ports/metadata-outbox.ts'

export interface RegistryUnderTest {
  registry: FileRegistry
  expiredUploads: ExpiredUploads
  outbox: MetadataOutbox
  close: () => Promise<void>
}

const HOUR_MS = 3_600_000
const OBSERVED: ObservedContent = { mimeType: 'image/png', width: 640, height: 480 }

/** An upload that nobody has begun; change what the test is about. */
export function newUpload(change: Partial<NewUpload> = {}): NewUpload {
  return {
    fileId: newFileId(),
    actor: { issuer: 'https://issuer.test', subject: 'ada' },
    request: {
      idempotencyKey: crypto.randomUUID(),
      name: 'présentation 最終版 🎬.png',
      mimeType: 'image/png',
      size: 5 * 1024 ** 4,
      sha256: 'ab'.repeat(32),
      usage: 'attachment',
      projectId: projectIdSchema.parse('project00000001'),
    },
    transport: 'direct',
    expiresAt: new Date(Date.now() + 24 * HOUR_MS),
    writableUntil: new Date(Date.now() + HOUR_MS),
    ...change,
  }
}

/** Runs the suite against one implementation. */
export function describeFileRegistry(name: string, open: () => Promise<RegistryUnderTest>): void {
  describe(`${name} as a file registry`, () => {
    let tested: RegistryUnderTest
    beforeAll(async () => {
      tested = await open()
    })
    afterAll(() => tested.close())

    test('begins an upload and gives it back as it was', async () => {
      const upload = newUpload()
      const { row, inserted } = await tested.registry.begin(upload)
      expect(inserted).toBe(true)
      expect(row).toMatchObject({ ...upload, state: 'uploading', observed: null, recordPending: false })
      expect(await tested.registry.findUpload(upload.fileId, upload.actor)).toEqual(row)
    })

    test('finds the first upload when the same actor uses a key again, and nobody else’s', async () => {
      const first = newUpload()
      await tested.registry.begin(first)
      const again = await tested.registry.begin({ ...newUpload(), request: first.request })
      expect(again).toMatchObject({ inserted: false, row: { fileId: first.fileId } })
      const grace = { issuer: first.actor.issuer, subject: 'grace' }
      const hers = await tested.registry.begin({ ...newUpload({ actor: grace }), request: first.request })
      expect(hers.inserted).toBe(true)
    })

    test('lets exactly one of many concurrent begins with one key insert', async () => {
      const { request } = newUpload()
      const begun = await Promise.all(
        Array.from({ length: 12 }, () => tested.registry.begin({ ...newUpload(), request })),
      )
      expect(begun.filter((each) => each.inserted)).toHaveLength(1)
      expect(new Set(begun.map((each) => each.row.fileId)).size).toBe(1)
    })

    test('shows an upload to nobody but its actor', async () => {
      const upload = newUpload()
      await tested.registry.begin(upload)
      const sameNameElsewhere = { issuer: 'https://other.test', subject: upload.actor.subject }
      expect(await tested.registry.findUpload(upload.fileId, sameNameElsewhere)).toBeUndefined()
      expect(await tested.registry.findUpload(newFileId(), upload.actor)).toBeUndefined()
    })

    test('commits once: one of many concurrent commits gets the outbox entry', async () => {
      const upload = newUpload()
      await tested.registry.begin(upload)
      const commits = await Promise.all(
        Array.from({ length: 8 }, () => tested.registry.commit(upload.fileId, OBSERVED)),
      )
      expect(commits.filter((commit) => commit !== undefined)).toHaveLength(1)
      expect(await tested.registry.findUpload(upload.fileId, upload.actor)).toMatchObject({
        state: 'ready',
        observed: OBSERVED,
        recordPending: true,
      })
    })

    test('does not commit what has expired, nor expire what is committed', async () => {
      const aborted = newUpload()
      await tested.registry.begin(aborted)
      expect(await tested.registry.expire(aborted.fileId, 'aborted')).toBe(true)
      expect(await tested.registry.commit(aborted.fileId, OBSERVED)).toBeUndefined()
      const ready = newUpload()
      await tested.registry.begin(ready)
      await tested.registry.commit(ready.fileId, OBSERVED)
      expect(await tested.registry.expire(ready.fileId, 'aborted')).toBe(false)
    })

    test('lets either abort or complete win when both come at once, never both', async () => {
      for (let round = 0; round < 10; round += 1) {
        const upload = newUpload()
        await tested.registry.begin(upload)
        const [committed, expired] = await Promise.all([
          tested.registry.commit(upload.fileId, OBSERVED),
          tested.registry.expire(upload.fileId, 'aborted'),
        ])
        expect(committed !== undefined).toBe(!expired)
      }
    })

    test('reads only ready files', async () => {
      const [ready, uploading] = [newUpload(), newUpload()]
      await tested.registry.begin(ready)
      await tested.registry.begin(uploading)
      await tested.registry.commit(ready.fileId, OBSERVED)
      const found = await tested.registry.findReadable(
        [ready.fileId, uploading.fileId, newFileId()],
        ready.actor,
      )
      expect(found.map((row) => row.fileId)).toEqual([ready.fileId])
      expect(await tested.registry.findReadable([], ready.actor)).toEqual([])
    })

    test('remembers why an upload ended', async () => {
      const upload = newUpload()
      await tested.registry.begin(upload)
      await tested.registry.expire(upload.fileId, 'TYPE_NOT_ALLOWED')
      expect(await tested.registry.findUpload(upload.fileId, upload.actor)).toMatchObject({
        state: 'expired',
        endedBy: 'TYPE_NOT_ALLOWED',
      })
    })

    test('expires what is overdue, and nothing else', async () => {
      const overdue = newUpload({ expiresAt: new Date(Date.now() - 1000) })
      const [inTime, ready] = [newUpload(), newUpload({ expiresAt: new Date(Date.now() - 1000) })]
      for (const upload of [overdue, inTime, ready]) await tested.registry.begin(upload)
      await tested.registry.commit(ready.fileId, OBSERVED)
      await tested.expiredUploads.expireOverdue(new Date())
      const stateOf = async (upload: NewUpload) =>
        (await tested.registry.findUpload(upload.fileId, upload.actor))?.state
      expect([await stateOf(overdue), await stateOf(inTime), await stateOf(ready)]).toEqual([
        'expired',
        'uploading',
        'ready',
      ])
    })

    test('forgets an expired row only after its URLs are dead, and never a ready one', async () => {
      const upload = newUpload({ writableUntil: new Date(Date.now() + HOUR_MS) })
      await tested.registry.begin(upload)
      await tested.registry.expire(upload.fileId, 'aborted')
      await tested.registry.extend(upload.fileId, {
        writableUntil: new Date(Date.now() + 2 * HOUR_MS),
        expiresAt: upload.expiresAt,
      })
      const listed = async (at: number) =>
        (await tested.expiredUploads.listForgettable(new Date(at), 1000)).includes(upload.fileId)
      expect(await listed(Date.now() + 1.5 * HOUR_MS)).toBe(false)
      expect(await listed(Date.now() + 2.5 * HOUR_MS)).toBe(true)
      await tested.expiredUploads.forget(upload.fileId)
      expect(await tested.registry.findUpload(upload.fileId, upload.actor)).toBeUndefined()

      const ready = newUpload()
      await tested.registry.begin(ready)
      await tested.registry.commit(ready.fileId, OBSERVED)
      await tested.expiredUploads.forget(ready.fileId)
      expect(await tested.registry.findUpload(ready.fileId, ready.actor)).toMatchObject({ state: 'ready' })
    })

    test('hands an outbox entry to one caller at a time until it is confirmed', async () => {
      const upload = newUpload()
      await tested.registry.begin(upload)
      const committed = await tested.registry.commit(upload.fileId, OBSERVED)
      const id = committed?.outboxId ?? ''
      const leaseOurs = async (leaseSeconds: number) =>
        (await tested.outbox.lease({ limit: 1000, leaseSeconds })).filter((entry) => entry.id === id)
      // The request that committed holds the first lease.
      expect(await leaseOurs(60)).toEqual([])
      await tested.outbox.postpone(id, { retryAt: new Date(Date.now() - 1000), error: 'away' })
      const leases = await Promise.all([leaseOurs(60), leaseOurs(60), leaseOurs(60)])
      expect(leases.flat()).toMatchObject([
        { id, attempts: 1, row: { fileId: upload.fileId, state: 'ready' } },
      ])
      if (committed === undefined) throw new Error('not committed')
      for (let time = 0; time < 2; time += 1) {
        expect(await tested.outbox.confirm({ id, row: committed.row })).toBeUndefined()
      }
      expect(await tested.registry.findUpload(upload.fileId, upload.actor)).toMatchObject({
        recordPending: false,
      })
    })

    test('keeps an outbox entry whose row has changed since it was delivered, and says what the row is now', async () => {
      const upload = newUpload()
      await tested.registry.begin(upload)
      const committed = await tested.registry.commit(upload.fileId, OBSERVED)
      if (committed === undefined) throw new Error('not committed')
      const { row, outboxId: id } = committed
      const delivered = { id, row: { ...row, state: 'trashed' as const } }
      expect(await tested.outbox.confirm(delivered)).toMatchObject({ fileId: row.fileId, state: 'ready' })
      expect(await tested.registry.findUpload(row.fileId, row.actor)).toMatchObject({ recordPending: true })
      expect(await tested.outbox.confirm({ id, row })).toBeUndefined()
      // Gone by now, and still told: another's delivery may have come before ours.
      expect(await tested.outbox.confirm(delivered)).toMatchObject({ state: 'ready' })
    })
  })
}
