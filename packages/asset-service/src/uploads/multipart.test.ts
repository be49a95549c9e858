/** Uploads in parts through the service, over real servers. */
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { MIB, UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import type { BegunUpload, BeginUpload, MultipartTransport } from '@studio/contracts/upload'
import { newFileId } from '../files/new-file-id.ts'
import { objectKey } from '../files/object-key.ts'
import { createAssetService } from '../index.ts'
import { fusePorts } from '../testing/fuse.ts'
import { serviceForEachTest } from '../testing/service-for-each-test.ts'
import { sha256Of } from '../testing/service-under-test.ts'

const tested = serviceForEachTest()

/** A QuickTime header, then noise: a clip as far as anyone can see from its first bytes. */
const BYTES = new Uint8Array(17 * MIB)
BYTES.set(new TextEncoder().encode('\0\0\0\x14ftypqt  \0\0\0\0qt  '))
BYTES.set(randomBytes(2 * MIB), 8 * MIB - MIB)
const code = (expected: string) => expect.objectContaining({ code: expected })

function clipRequest(): BeginUpload {
  const { sha256: _none, ...request } = tested.requestFor(BYTES, {
    mimeType: 'video/quicktime',
    name: 'clip.mov',
  })
  return request
}

function multipartOf(begun: BegunUpload): MultipartTransport {
  if (begun.state !== 'uploading' || begun.transport.kind !== 'multipart') throw new Error('not in parts')
  return begun.transport
}

function cut(begun: BegunUpload): Uint8Array<ArrayBuffer>[] {
  const { partSize, partCount } = multipartOf(begun)
  return Array.from({ length: partCount }, (_, index) =>
    BYTES.slice(index * partSize, (index + 1) * partSize),
  )
}

async function sendPart(
  begun: BegunUpload,
  partNumber: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const { parts } = await tested.service.signParts(tested.actor, {
    fileId: begun.fileId,
    parts: [{ partNumber, sha256: sha256Of(cut(begun)[partNumber - 1] ?? bytes) }],
  })
  const [signed] = parts
  if (signed === undefined) throw new Error('no URL')
  return fetch(signed.url, { method: 'PUT', headers: signed.headers, body: bytes })
}

async function sendAll(begun: BegunUpload): Promise<string[]> {
  const parts = cut(begun)
  for (const [index, bytes] of parts.entries()) {
    expect((await sendPart(begun, index + 1, bytes)).status).toBe(200)
  }
  return parts.map(sha256Of)
}

describe('an upload in parts', () => {
  test('is stored, recorded and read back identical', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    expect(multipartOf(begun)).toEqual({ kind: 'multipart', partSize: 8 * MIB, partCount: 3 })
    const partDigests = await sendAll(begun)
    const stored = await tested.service.completeUpload(tested.actor, { fileId: begun.fileId, partDigests })
    expect(stored).toMatchObject({
      size: BYTES.length,
      mimeType: 'video/quicktime',
      sha256: null,
      record: 'written',
    })
    expect(await tested.service.completeUpload(tested.actor, { fileId: begun.fileId, partDigests })).toEqual(
      stored,
    )
    const items = [{ fileId: begun.fileId, disposition: 'inline' as const }]
    const [answer] = (await tested.service.resolveUrls(tested.actor, { items })).items
    if (answer?.status !== 'ok') throw new Error('no URL')
    const hash = createHash('sha256').update(Buffer.from(await (await fetch(answer.url)).arrayBuffer()))
    expect(hash.digest('hex')).toBe(sha256Of(BYTES))
    expect(await tested.studio.findRecord(begun.fileId)).toMatchObject({ size: BYTES.length, sha256: '' })
  })

  test('goes on where it was: the confirmed parts are listed, and begin answers the same upload', async () => {
    const request = clipRequest()
    const begun = await tested.service.beginUpload(tested.actor, request)
    const parts = cut(begun)
    await sendPart(begun, 2, parts[1] ?? BYTES)
    const again = await tested.service.beginUpload(tested.actor, request)
    expect(again).toEqual(begun)
    const listed = await tested.service.listParts(tested.actor, begun)
    expect(listed.parts).toEqual([{ partNumber: 2, size: 8 * MIB, sha256: sha256Of(parts[1] ?? BYTES) }])
  })

  test('is not complete while a part is missing, and can be completed once it is there', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const { fileId } = begun
    const parts = cut(begun)
    const partDigests = parts.map(sha256Of)
    await sendPart(begun, 1, parts[0] ?? BYTES)
    await sendPart(begun, 3, parts[2] ?? BYTES)
    const complete = () => tested.service.completeUpload(tested.actor, { fileId, partDigests })
    await expect(complete()).rejects.toThrow(code('UPLOAD_INCOMPLETE'))
    await expect(tested.service.completeUpload(tested.actor, { fileId })).rejects.toThrow(
      code('PARTS_MISMATCH'),
    )
    await sendPart(begun, 2, parts[1] ?? BYTES)
    expect(await complete()).toMatchObject({ size: BYTES.length })
  })

  test('says CHECKSUM_MISMATCH when the client means other parts than the store holds, and can be mended', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const { fileId } = begun
    const partDigests = await sendAll(begun)
    const wrong = [...partDigests.slice(0, 2), '0'.repeat(64)]
    const complete = (digests: string[]) =>
      tested.service.completeUpload(tested.actor, { fileId, partDigests: digests })
    await expect(complete(wrong)).rejects.toThrow(code('CHECKSUM_MISMATCH'))
    expect(await complete(partDigests)).toMatchObject({ size: BYTES.length })
  })

  test('has its parts refused by S3 when bytes are altered', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const altered = cut(begun)[0] ?? BYTES
    altered[100] = 1
    expect((await sendPart(begun, 1, altered)).status).toBe(400)
    expect((await tested.service.listParts(tested.actor, begun)).parts).toEqual([])
  })

  test('aborted is never taken for complete, and leaves neither parts nor object', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const { fileId } = begun
    const partDigests = await sendAll(begun)
    await tested.service.abortUpload(tested.actor, { fileId })
    await expect(tested.service.completeUpload(tested.actor, { fileId, partDigests })).rejects.toThrow(
      code('UPLOAD_ENDED'),
    )
    expect(await tested.listKeys()).toEqual([])
    expect((await sendPart(begun, 1, BYTES).catch(() => ({ ok: false }))).ok).toBe(false)
  })

  test('whose parts vanished from the store is incomplete, not complete, and ends when one asks for them', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const { fileId } = begun
    const partDigests = await sendAll(begun)
    await tested.ports.multipart?.abortAll(objectKey(fileId))
    const complete = () => tested.service.completeUpload(tested.actor, { fileId, partDigests })
    await expect(complete()).rejects.toThrow(code('UPLOAD_INCOMPLETE'))
    await expect(tested.service.listParts(tested.actor, begun)).rejects.toThrow(code('UPLOAD_ENDED'))
    await expect(complete()).rejects.toThrow(code('UPLOAD_ENDED'))
  })

  test('whose completion was cut off after assembling is listed as assembled, and can be completed', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const { fileId } = begun
    const partDigests = await sendAll(begun)
    // Between assembling and committing: find, list, assemble are 0 to 2.
    const fused = fusePorts(tested.ports, { effect: 2, moment: 'after' })
    const dying = createAssetService(fused.ports).completeUpload(tested.actor, { fileId, partDigests })
    await expect(dying).rejects.toThrow(code('INTERNAL'))
    expect(await tested.service.listParts(tested.actor, begun)).toEqual({ assembled: true, parts: [] })
    expect(await tested.service.completeUpload(tested.actor, { fileId, partDigests })).toMatchObject({
      fileId,
    })
  })

  test('never finished expires with its parts once nothing has been heard of it for a week', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    await sendPart(begun, 1, cut(begun)[0] ?? BYTES)
    tested.clock.secondsAhead = 6 * 24 * 3600
    // A sign of life: URLs asked for keep the upload alive for another week.
    await tested.service.signParts(tested.actor, {
      fileId: begun.fileId,
      parts: [{ partNumber: 2, sha256: '0'.repeat(64) }],
    })
    tested.clock.secondsAhead = 8 * 24 * 3600
    expect(await tested.service.expireUploads()).toBe(0)
    tested.clock.secondsAhead = 14 * 24 * 3600
    expect(await tested.service.expireUploads()).toBe(1)
    expect(await tested.countRows()).toEqual({})
  })
})

describe('asking for parts', () => {
  test('of someone else’s upload, an unknown one, or one in one piece is UPLOAD_NOT_FOUND', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const small = await tested.service.beginUpload(tested.actor, tested.requestFor(new Uint8Array([65])))
    const parts = [{ partNumber: 1, sha256: '0'.repeat(64) }]
    const stranger = { ...tested.actor, subject: 'someoneelse0001' }
    const attempts = [
      () => tested.service.signParts(stranger, { fileId: begun.fileId, parts }),
      () => tested.service.listParts(stranger, begun),
      () => tested.service.signParts(tested.actor, { fileId: newFileId(), parts }),
      () => tested.service.signParts(tested.actor, { fileId: small.fileId, parts }),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(code('UPLOAD_NOT_FOUND'))
  })

  test('beyond the plan is PARTS_MISMATCH', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    const beyond = [{ partNumber: 4, sha256: '0'.repeat(64) }]
    await expect(
      tested.service.signParts(tested.actor, { fileId: begun.fileId, parts: beyond }),
    ).rejects.toThrow(code('PARTS_MISMATCH'))
  })

  test('gives URLs that stop working', async () => {
    const begun = await tested.service.beginUpload(tested.actor, clipRequest())
    tested.clock.secondsAhead = -UPLOAD_URL_SECONDS - 60
    // The refusal of a large body may reach the client as a reset connection; either way nothing was stored.
    const answer = await sendPart(begun, 1, cut(begun)[0] ?? BYTES).catch(() => undefined)
    expect(answer?.status ?? 403).toBe(403)
    tested.clock.secondsAhead = 0
    expect((await tested.service.listParts(tested.actor, begun)).parts).toEqual([])
  })
})
