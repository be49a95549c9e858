/** What every store with multipart uploads has to do: a test for each sentence of `MultipartObjectStore`. */
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIB } from '@studio/contracts/limits'
import type { MultipartObjectStore, MultipartReference, ObjectStore } from '../ports/object-store.ts'
import { compositeSha256 } from '../uploads/assemble-parts.ts'

export interface MultipartUnderTest {
  store: ObjectStore
  multipart: MultipartObjectStore
  close: () => Promise<void>
}

/** The smallest part that may be followed by another ("Amazon S3 multipart upload limits"). */
const PART_BYTES = 5 * MIB

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const partOf = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size))

/** Runs the suite against one implementation. */
export function describeMultipart(name: string, open: () => Promise<MultipartUnderTest>): void {
  describe(`${name} with multipart uploads`, () => {
    let tested: MultipartUnderTest
    beforeAll(async () => {
      tested = await open()
    })
    afterAll(() => tested.close())

    const begin = async (): Promise<MultipartReference> => {
      const key = `files/${crypto.randomUUID()}/original`
      return { key, multipartId: await tested.multipart.create({ key, mimeType: 'video/mp4' }) }
    }
    const send =
      (reference: MultipartReference) =>
      (partNumber: number, bytes: Uint8Array<ArrayBuffer>, signed = bytes) => {
        const { url, headers } = tested.multipart.signPart({
          ...reference,
          partNumber,
          size: signed.length,
          sha256: sha256Of(signed),
          expiresInSeconds: 60,
        })
        return fetch(url, { method: 'PUT', headers, body: bytes })
      }

    test('assembles parts that came in any order, and knows the object by their checksums', async () => {
      const reference = await begin()
      const parts = [partOf(PART_BYTES), partOf(PART_BYTES), partOf(7)]
      for (const index of [2, 0, 1]) {
        expect((await send(reference)(index + 1, parts[index] ?? partOf(0))).status).toBe(200)
      }
      const listed = (await tested.multipart.listParts(reference)) ?? []
      expect(listed).toMatchObject(
        parts.map((bytes, index) => ({ partNumber: index + 1, size: bytes.length, sha256: sha256Of(bytes) })),
      )
      expect(await tested.store.head(reference.key)).toBeUndefined()
      expect(await tested.multipart.assemble(reference, listed)).toBe(true)
      expect(await tested.store.head(reference.key)).toEqual({
        size: 2 * PART_BYTES + 7,
        sha256: undefined,
        compositeSha256: compositeSha256(parts.map(sha256Of)),
      })
      const seam = await tested.store.readRange(reference.key, { start: PART_BYTES - 2, end: PART_BYTES + 1 })
      const expected = Buffer.concat([parts[0]?.slice(-2) ?? partOf(0), parts[1]?.slice(0, 2) ?? partOf(0)])
      expect(Buffer.from(seam ?? partOf(0))).toEqual(expected)
    })

    test('refuses a part with other bytes, and of another length', async () => {
      const reference = await begin()
      const bytes = partOf(100)
      expect((await send(reference)(1, partOf(100), bytes)).status).toBe(400)
      expect((await send(reference)(1, partOf(99), bytes)).ok).toBe(false)
      expect(await tested.multipart.listParts(reference)).toEqual([])
    })

    test('sends parts itself, and tells of each what listing them tells', async () => {
      const reference = await begin()
      const parts = [partOf(PART_BYTES), partOf(7)]
      const sent = []
      for (const [index, bytes] of parts.entries()) {
        const part = { ...reference, partNumber: index + 1, bytes, sha256: sha256Of(bytes) }
        await tested.multipart.putPart(part)
        sent.push(await tested.multipart.putPart(part))
      }
      const listed = (await tested.multipart.listParts(reference)) ?? []
      expect(sent).toEqual(listed)
      expect(await tested.multipart.assemble(reference, listed)).toBe(true)
      expect(await tested.store.head(reference.key)).toMatchObject({ size: PART_BYTES + 7 })
    })

    test('keeps nothing of a part it sends whose bytes are not those of the checksum', async () => {
      const reference = await begin()
      const part = { ...reference, partNumber: 1, bytes: partOf(100), sha256: sha256Of(partOf(100)) }
      await expect(tested.multipart.putPart(part)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
      expect(await tested.multipart.listParts(reference)).toEqual([])
    })

    test('takes a part again, and keeps the last that was right', async () => {
      const reference = await begin()
      const [first, second] = [partOf(100), partOf(100)]
      await send(reference)(1, first)
      await send(reference)(1, second)
      await send(reference)(1, first, second)
      expect(await tested.multipart.listParts(reference)).toMatchObject([{ sha256: sha256Of(second) }])
    })

    test('knows nothing of an upload that was aborted, and abort may be repeated', async () => {
      const reference = await begin()
      await send(reference)(1, partOf(100))
      const listed = (await tested.multipart.listParts(reference)) ?? []
      await tested.multipart.abortAll(reference.key)
      await tested.multipart.abortAll(reference.key)
      expect(await tested.multipart.listParts(reference)).toBeUndefined()
      expect(await tested.multipart.assemble(reference, listed)).toBe(false)
      expect(await tested.store.head(reference.key)).toBeUndefined()
      expect((await send(reference)(1, partOf(100))).ok).toBe(false)
      const bytes = partOf(100)
      const late = { ...reference, partNumber: 1, bytes, sha256: sha256Of(bytes) }
      expect(await tested.multipart.putPart(late)).toBeUndefined()
    })

    test('aborts every upload of a key, and none of a neighbour whose key begins like it', async () => {
      const first = await begin()
      const again = await tested.multipart.create({ key: first.key, mimeType: 'video/mp4' })
      const neighbour = { key: `${first.key}-2`, multipartId: '' }
      neighbour.multipartId = await tested.multipart.create({ key: neighbour.key, mimeType: 'video/mp4' })
      await tested.multipart.abortAll(first.key)
      expect(await tested.multipart.listParts(first)).toBeUndefined()
      expect(await tested.multipart.listParts({ key: first.key, multipartId: again })).toBeUndefined()
      expect(await tested.multipart.listParts(neighbour)).toEqual([])
    })
  })
}
