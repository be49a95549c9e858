/** Scrubbing over real servers: what rotted is found, what was unknown is filled in, and nothing else changes. */
import { createHash, randomBytes } from 'node:crypto'
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import { MIB } from '@studio/contracts/limits'
import type { BeginUpload } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import { fusePorts } from '../testing/fuse.ts'
import { serviceForEachTest } from '../testing/service-for-each-test.ts'
import { sha256Of, textBytes } from '../testing/service-under-test.ts'
import { scrub } from './scrub.ts'

const tested = serviceForEachTest()

const store = async (text: string): Promise<FileId> => {
  const bytes = textBytes(text)
  const request = tested.requestFor(bytes)
  return (await tested.service.putInline(tested.actor, { request, bytes })).fileId
}
const overwrite = (fileId: FileId, text: string) =>
  tested.s3.client.send(
    new PutObjectCommand({ Bucket: tested.s3.bucket, Key: objectKey(fileId), Body: text }),
  )
const remove = (fileId: FileId) =>
  tested.s3.client.send(new DeleteObjectCommand({ Bucket: tested.s3.bucket, Key: objectKey(fileId) }))

/** A clip in three parts, sent as a client does; its SHA-256 as a whole is nobody's yet. */
const CLIP = new Uint8Array(17 * MIB)
CLIP.set(new TextEncoder().encode('\0\0\0\x14ftypqt  \0\0\0\0qt  '))
CLIP.set(randomBytes(MIB), 8 * MIB - 1000)

async function storeClip(change: Partial<BeginUpload> = {}): Promise<FileId> {
  const { sha256: _none, ...rest } = tested.requestFor(CLIP, {
    mimeType: 'video/quicktime',
    name: 'clip.mov',
  })
  const begun = await tested.service.beginUpload(tested.actor, { ...rest, ...change })
  if (begun.state !== 'uploading' || begun.transport.kind !== 'multipart') throw new Error('not in parts')
  const { fileId, transport } = begun
  const parts = Array.from({ length: transport.partCount }, (_, index) =>
    CLIP.slice(index * transport.partSize, (index + 1) * transport.partSize),
  )
  const partDigests = parts.map(sha256Of)
  const signed = await tested.service.signParts(tested.actor, {
    fileId,
    parts: partDigests.map((sha256, index) => ({ partNumber: index + 1, sha256 })),
  })
  for (const [index, { url, headers }] of signed.parts.entries()) {
    expect((await fetch(url, { method: 'PUT', headers, body: parts[index] ?? CLIP })).status).toBe(200)
  }
  await tested.service.completeUpload(tested.actor, { fileId, partDigests })
  return fileId
}
const findings = async () =>
  (await tested.ports.findings.list(10)).map(({ fileId, kind }) => ({ fileId, kind }))

describe('a scrub', () => {
  test('reads each file once in a while, those never read first, and finds nothing wrong', async () => {
    const first = await store('first')
    expect(await scrub(tested.ports)).toMatchObject({ files: 1, bytes: 5, findings: 0 })
    const second = await store('second')
    tested.clock.secondsAhead = 31 * 24 * 3600
    const order: FileId[] = []
    await scrub(tested.ports, { onEvent: ({ fileId }) => order.push(fileId) })
    expect(order).toEqual([second, first])
    expect(await scrub(tested.ports)).toMatchObject({ files: 0 })
    expect(await findings()).toEqual([])
  })

  test('notes bytes that rotted, were cut short or are gone, and takes it back when they are right again', async () => {
    const [rotten, short, gone, empty] = [
      await store('rotten'),
      await store('shorter'),
      await store('gone'),
      await store(''),
    ]
    await overwrite(rotten, 'rottEn')
    await overwrite(short, 'short')
    await remove(gone)
    expect(await scrub(tested.ports)).toMatchObject({ files: 4, findings: 3, checksumsFilledIn: 0 })
    expect(await findings()).toEqual(
      expect.arrayContaining([
        { fileId: rotten, kind: 'checksum-mismatch' },
        { fileId: short, kind: 'size-mismatch' },
        { fileId: gone, kind: 'missing-object' },
      ]),
    )
    expect(await tested.countRows()).toEqual({ ready: 4 })
    await overwrite(rotten, 'rotten')
    await overwrite(short, 'shorter')
    await overwrite(gone, 'gone')
    expect(await scrub(tested.ports, { againAfterSeconds: 0 })).toMatchObject({ files: 4, findings: 0 })
    expect(await findings()).toEqual([])
    expect(empty).toHaveLength(15)
  })

  test('takes a file that was removed while it was read for no finding', async () => {
    const fileId = await store('going')
    const { store: objects } = tested.ports
    const removing: Ports = {
      ...tested.ports,
      store: {
        ...objects,
        readRange: async () => {
          await tested.run(sql`update files set state = 'purged' where id = ${fileId}`)
          await remove(fileId)
          return undefined
        },
      },
    }
    expect(await scrub(removing)).toMatchObject({ findings: 0 })
    expect(await findings()).toEqual([])
  })

  test('keeps to its rate, and stops when it is told to', async () => {
    await store('x'.repeat(20_000))
    const begunAt = performance.now()
    await scrub(tested.ports, { bytesPerSecond: 40_000 })
    expect(performance.now() - begunAt).toBeGreaterThan(450)
    const stop = new AbortController()
    const slow = scrub(tested.ports, {
      againAfterSeconds: 0,
      bytesPerSecond: 1,
      signal: stop.signal,
      onBytes: () => stop.abort(),
    })
    await expect(slow).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('in a process that dies at any effect is done again by the next', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (let effect = 0, died = true; died; effect += 1) {
        const fileId = await store('rotten')
        await overwrite(fileId, 'rottEn')
        const fused = fusePorts(tested.ports, { effect, moment })
        died = await scrub(fused.ports).then(
          () => false,
          () => true,
        )
        expect(died).toBe(fused.isBlown())
        await scrub(tested.ports)
        expect(await findings()).toEqual([{ fileId, kind: 'checksum-mismatch' }])
        await tested.run(sql`truncate files, outbox, findings cascade`)
      }
    }
  })
})

describe('a scrub of a file in parts', () => {
  test('fills in the SHA-256 of the whole, and its record hears of it', async () => {
    const fileId = await storeClip()
    const events: unknown[] = []
    const report = await scrub(tested.ports, { onEvent: (event) => events.push(event) })
    expect(report).toMatchObject({ files: 1, bytes: CLIP.length, findings: 0, checksumsFilledIn: 1 })
    const sha256 = createHash('sha256').update(CLIP).digest('hex')
    expect(events).toEqual([{ kind: 'intact', fileId, bytes: CLIP.length, sha256 }])
    // Its record is there already: owing it a checksum does not make it pending again.
    expect(await tested.service.completeUpload(tested.actor, { fileId })).toMatchObject({
      sha256,
      record: 'written',
    })
    expect(await tested.studio.findRecord(fileId)).toMatchObject({ sha256: '' })
    expect(await tested.service.deliverDue()).toBe(1)
    expect(await tested.studio.findRecord(fileId)).toMatchObject({ sha256, name: 'clip.mov' })
    expect(await tested.countRows()).toEqual({ ready: 1 })
    expect(await scrub(tested.ports, { againAfterSeconds: 0 })).toMatchObject({ checksumsFilledIn: 0 })
    expect(await tested.countRows()).toEqual({ ready: 1 })
  })

  test('finds bytes that are not those of its parts, and fills in nothing', async () => {
    const fileId = await storeClip()
    const altered = CLIP.slice()
    altered[12 * MIB] = 1
    await tested.s3.client.send(
      new PutObjectCommand({ Bucket: tested.s3.bucket, Key: objectKey(fileId), Body: altered }),
    )
    expect(await scrub(tested.ports)).toMatchObject({ findings: 1, checksumsFilledIn: 0 })
    expect(await findings()).toEqual([{ fileId, kind: 'checksum-mismatch' }])
    expect(await tested.countRows()).toEqual({ ready: 1 })
  })

  test('finds a declared SHA-256 that nobody had checked and that is not the file’s', async () => {
    const fileId = await storeClip({ sha256: '0'.repeat(64) })
    expect(await scrub(tested.ports)).toMatchObject({ findings: 1 })
    expect(await findings()).toEqual([{ fileId, kind: 'checksum-mismatch' }])
  })
})
