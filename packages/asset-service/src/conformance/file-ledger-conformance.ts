/** What every ledger has to do: a test for each sentence of `FileLedger`, `Findings` and `OperatorDesk`. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import { newFileId } from '../files/new-file-id.ts'
import type { FileLedger, Findings } from '../ports/file-ledger.ts'
import type { OperatorDesk } from '../ports/operator-desk.ts'
import { newUpload, type RegistryUnderTest } from './file-registry-conformance.ts'

export interface LedgerUnderTest extends RegistryUnderTest {
  ledger: FileLedger
  findings: Findings
  desk: OperatorDesk
  /** Removes every row. */
  empty: () => Promise<void>
}

const SHA256 = 'cd'.repeat(32)
const HOUR_MS = 3_600_000
const FAR = new Date(Date.now() + HOUR_MS)

/** Runs the suite against one implementation. */
export function describeFileLedger(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`${name} as a file ledger`, () => {
    let tested: LedgerUnderTest
    beforeAll(async () => {
      tested = await open()
    })
    afterAll(() => tested.close())
    beforeEach(() => tested.empty())

    const begin = async (change: Parameters<typeof newUpload>[0] = {}) => {
      const upload = newUpload(change)
      await tested.registry.begin(upload)
      return upload
    }
    const ready = async (change: Parameters<typeof newUpload>[0] = {}): Promise<FileId> => {
      const { fileId } = await begin(change)
      const observed = { mimeType: 'image/png', width: 1, height: 1, compositeSha256: 'ef-2' }
      const committed = await tested.registry.commit(fileId, observed)
      if (committed !== undefined) await tested.outbox.confirm({ id: committed.outboxId, row: committed.row })
      return fileId
    }
    const unscrubbed = async (before = FAR) =>
      (await tested.ledger.listUnscrubbed({ before, limit: 10 })).map(({ fileId }) => fileId)

    test('says how ids stand, and leaves out those that it does not know', async () => {
      const { fileId } = await begin()
      await tested.registry.noteMultipart(fileId, 'upload-1')
      expect(await tested.ledger.standings([fileId, newFileId()])).toEqual([
        { fileId, state: 'uploading', size: 5 * 1024 ** 4, multipartId: 'upload-1' },
      ])
      expect(await tested.ledger.standings([])).toEqual([])
    })

    test('lists rows of every state by id, behind one and up to another, in pages', async () => {
      const ids = [(await begin()).fileId, await ready(), await ready(), (await begin()).fileId].toSorted()
      await tested.registry.expire(ids[0] ?? newFileId(), 'aborted')
      const list = async (after: string, until: string | null, limit = 10) =>
        (await tested.ledger.listRange({ after, until, limit })).map(({ fileId }) => fileId)
      expect(await list('', null)).toEqual(ids)
      expect(await list(ids[0] ?? '', ids[2] ?? '')).toEqual(ids.slice(1, 3))
      expect(await list(ids[0] ?? '', null, 2)).toEqual(ids.slice(1, 3))
      expect(await list(ids[3] ?? '', null)).toEqual([])
    })

    test('lists what was never read before what was read longest ago, and nothing that is not ready', async () => {
      await begin()
      const [late, early] = [await ready(), await ready()]
      await tested.ledger.noteScrubbed(late, { at: new Date(2000), sha256: undefined })
      await tested.ledger.noteScrubbed(early, { at: new Date(1000), sha256: undefined })
      const never = await ready()
      expect(await unscrubbed()).toEqual([never, early, late])
      expect(await unscrubbed(new Date(2000))).toEqual([never, early])
      expect(await tested.ledger.listUnscrubbed({ before: FAR, limit: 1 })).toEqual([
        {
          fileId: never,
          transport: 'direct',
          size: 5 * 1024 ** 4,
          declaredSha256: 'ab'.repeat(32),
          compositeSha256: 'ef-2',
          readSha256: null,
        },
      ])
    })

    test('keeps the first SHA-256 that was read, and owes the record its news once', async () => {
      const fileId = await ready()
      for (const sha256 of [SHA256, SHA256, '00'.repeat(32)]) {
        await tested.ledger.noteScrubbed(fileId, { at: new Date(), sha256 })
      }
      expect(await tested.ledger.listUnscrubbed({ before: FAR, limit: 1 })).toMatchObject([
        { readSha256: SHA256 },
      ])
      const leased = await tested.outbox.lease({ limit: 10, leaseSeconds: 60 })
      expect(leased).toMatchObject([{ kind: 'checksum', row: { fileId, observed: { readSha256: SHA256 } } }])
    })

    test('changes nothing of a row that is not ready', async () => {
      const { fileId, actor } = await begin()
      await tested.ledger.noteScrubbed(fileId, { at: new Date(), sha256: SHA256 })
      expect(await tested.findings.note({ fileId, kind: 'missing-object', detail: '' })).toBe(false)
      expect(await tested.findings.list(10)).toEqual([])
      expect(await tested.desk.listOutbox(10)).toEqual([])
      expect(await tested.registry.findUpload(fileId, actor)).toMatchObject({
        state: 'uploading',
        observed: null,
      })
    })

    test('notes a finding once, with when it was found and when it was seen again', async () => {
      const fileId = await ready()
      expect(await tested.findings.note({ fileId, kind: 'missing-object', detail: 'first' })).toBe(true)
      const [first] = await tested.findings.list(10)
      expect(await tested.findings.note({ fileId, kind: 'missing-object', detail: 'again' })).toBe(true)
      const noted = await tested.findings.list(10)
      expect(noted).toMatchObject([
        { fileId, kind: 'missing-object', detail: 'again', foundAt: first?.foundAt },
      ])
      expect(noted[0]?.seenAt.getTime()).toBeGreaterThanOrEqual(first?.seenAt.getTime() ?? Infinity)
      await tested.findings.note({ fileId, kind: 'checksum-mismatch', detail: 'too' })
      await tested.findings.resolve(fileId, ['missing-object', 'size-mismatch'])
      await tested.findings.resolve(fileId, ['missing-object', 'size-mismatch'])
      expect(await tested.findings.list(10)).toMatchObject([{ kind: 'checksum-mismatch' }])
    })

    test('counts rows and bytes by state, what is owed and what is wrong', async () => {
      expect(await tested.desk.stats()).toEqual({
        states: [],
        outbox: { entries: 0, failing: 0, oldestAt: null },
        findings: 0,
      })
      const fileId = await ready()
      await ready()
      await begin()
      await tested.ledger.noteScrubbed(fileId, { at: new Date(), sha256: SHA256 })
      await tested.findings.note({ fileId, kind: 'size-mismatch', detail: '' })
      const stats = await tested.desk.stats()
      expect(stats.states).toEqual([
        { state: 'ready', files: 2, bytes: 10 * 1024 ** 4 },
        { state: 'uploading', files: 1, bytes: 5 * 1024 ** 4 },
      ])
      expect(stats).toMatchObject({ outbox: { entries: 1, failing: 0 }, findings: 1 })
      expect(stats.outbox.oldestAt).toBeInstanceOf(Date)
    })

    test('lists what is unfinished and nothing else, oldest first', async () => {
      await ready()
      const upload = await begin()
      expect(await tested.desk.listUnfinished(10)).toEqual([
        {
          fileId: upload.fileId,
          name: upload.request.name,
          size: upload.request.size,
          transport: 'direct',
          subject: 'ada',
          begunAt: expect.any(Date),
          expiresAt: upload.expiresAt,
        },
      ])
    })

    test('makes due what failed, and leaves alone what did not', async () => {
      const [failed, leased] = [await ready(), await ready()]
      for (const fileId of [failed, leased]) {
        await tested.ledger.noteScrubbed(fileId, { at: new Date(), sha256: SHA256 })
      }
      const entries = await tested.outbox.lease({ limit: 10, leaseSeconds: 60 })
      const entry = entries.find(({ row }) => row.fileId === failed)
      await tested.outbox.postpone(entry?.id ?? '', { retryAt: FAR, error: 'away' })
      expect(await tested.desk.retryOutboxNow()).toBe(1)
      const due = await tested.outbox.lease({ limit: 10, leaseSeconds: 60 })
      expect(due.map(({ row }) => row.fileId)).toEqual([failed])
      expect(await tested.desk.listOutbox(10)).toContainEqual(
        expect.objectContaining({ fileId: failed, kind: 'checksum', attempts: 2, lastError: 'away' }),
      )
    })
  })
}
