/** What every metadata store has to do: a test for each sentence of `FileMetadata`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newFileId } from '../files/new-file-id.ts'
import type { FileMetadata } from '../ports/file-metadata.ts'
import type { FileRow } from '../ports/file-registry.ts'

export interface MetadataUnderTest {
  metadata: FileMetadata
  /** A ready row that fits the store's projects and cards. */
  rowFor(change?: Partial<FileRow['request']>): FileRow
  /** The records under this file's id. */
  find(row: FileRow): Promise<Record<string, unknown>[]>
  createCard(): Promise<NonNullable<FileRow['request']['cardId']>>
  deleteCard(cardId: NonNullable<FileRow['request']['cardId']>): Promise<void>
  /** The store stops answering, and answers again. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

/** A ready row, as the registry would give it. */
export function readyRow(parts: Pick<FileRow, 'actor' | 'request'>): FileRow {
  return {
    ...parts,
    fileId: newFileId(),
    state: 'ready',
    transport: 'inline',
    observed: { mimeType: 'image/png', width: 640, height: 480 },
    multipartId: null,
    endedBy: null,
    recordPending: true,
    createdAt: new Date(),
    expiresAt: new Date(),
    writableUntil: new Date(),
  }
}

/** Runs the suite against one implementation. */
export function describeFileMetadata(name: string, open: () => Promise<MetadataUnderTest>): void {
  describe(`${name} as a metadata store`, () => {
    let tested: MetadataUnderTest
    beforeAll(async () => {
      tested = await open()
    })
    afterAll(() => tested.close())

    test('writes a record under the file’s id', async () => {
      const row = tested.rowFor({ name: 'présentation 最終版 🎬.png' })
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toMatchObject([
        { id: row.fileId, name: row.request.name, size: row.request.size, width: 640, height: 480 },
      ])
    })

    test('writes it once, however often and however much at once it is told', async () => {
      const row = tested.rowFor()
      await Promise.all(Array.from({ length: 8 }, () => tested.metadata.createIfAbsent(row)))
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toHaveLength(1)
    })

    test('leaves a relation empty whose target is gone', async () => {
      const cardId = await tested.createCard()
      const row = tested.rowFor({ cardId })
      await tested.deleteCard(cardId)
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toMatchObject([{ id: row.fileId, card: '' }])
    })

    test('is content with a record that it wrote before the relation’s target went', async () => {
      const cardId = await tested.createCard()
      const row = tested.rowFor({ cardId })
      await tested.metadata.createIfAbsent(row)
      await tested.deleteCard(cardId)
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toMatchObject([{ id: row.fileId, card: '' }])
    })

    test('removes a record, may be told so again, and writes it anew when it is told to', async () => {
      const row = tested.rowFor()
      await tested.metadata.createIfAbsent(row)
      for (let time = 0; time < 2; time += 1) await tested.metadata.remove(row.fileId)
      expect(await tested.find(row)).toEqual([])
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toHaveLength(1)
    })

    const read = (row: FileRow, readSha256: string): FileRow => ({
      ...row,
      observed: { mimeType: 'image/png', width: 640, height: 480, readSha256 },
    })

    test('tells a record the SHA-256 that became known after it was written, and may be told so again', async () => {
      const row = tested.rowFor({ sha256: undefined })
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toMatchObject([{ sha256: '' }])
      const sha256 = 'cd'.repeat(32)
      for (let time = 0; time < 2; time += 1) await tested.metadata.noteChecksum(read(row, sha256))
      expect(await tested.find(row)).toMatchObject([{ id: row.fileId, sha256, name: row.request.name }])
    })

    test('writes the record where it is told the SHA-256 first, and writing it afterwards changes nothing', async () => {
      const row = tested.rowFor({ sha256: undefined })
      const sha256 = 'ce'.repeat(32)
      await tested.metadata.noteChecksum(read(row, sha256))
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toMatchObject([{ id: row.fileId, sha256, width: 640 }])
    })

    test('says RECORDS_UNAVAILABLE while it is away, and writes when it is back', async () => {
      const row = tested.rowFor()
      await tested.goAway()
      const away = expect.objectContaining({ code: 'RECORDS_UNAVAILABLE' })
      await expect(tested.metadata.createIfAbsent(row)).rejects.toThrow(away)
      await expect(tested.metadata.noteChecksum(row)).rejects.toThrow(away)
      await expect(tested.metadata.remove(row.fileId)).rejects.toThrow(away)
      await expect(tested.metadata.ping()).rejects.toThrow(away)
      await tested.comeBack()
      await tested.metadata.ping()
      await tested.metadata.createIfAbsent(row)
      expect(await tested.find(row)).toHaveLength(1)
    })
  })
}
