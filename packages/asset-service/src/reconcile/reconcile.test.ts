/** Reconciliation over real servers: what no row wants goes, everything else stays. */
import { createHash } from 'node:crypto'
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { FileId } from '@studio/contracts/file'
import { MIB } from '@studio/contracts/limits'
import { newFileId } from '../files/new-file-id.ts'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import { fusePorts } from '../testing/fuse.ts'
import { serviceForEachTest } from '../testing/service-for-each-test.ts'
import { textBytes } from '../testing/service-under-test.ts'
import { reconcile } from './reconcile.ts'
import type { ReconcileOptions } from './reconcile-run.ts'

/** Long after everything that a test makes: age protects nothing any more. */
const LATER: ReconcileOptions = { graceSeconds: -60 }

const tested = serviceForEachTest()

const store = async (text: string = crypto.randomUUID()): Promise<FileId> => {
  const bytes = textBytes(text)
  const request = tested.requestFor(bytes)
  return (await tested.service.putInline(tested.actor, { request, bytes })).fileId
}
const put = async (key: string, body = 'left behind'): Promise<string> => {
  await tested.s3.client.send(new PutObjectCommand({ Bucket: tested.s3.bucket, Key: key, Body: body }))
  return key
}
const remove = (key: string) =>
  tested.s3.client.send(new DeleteObjectCommand({ Bucket: tested.s3.bucket, Key: key }))
const beginParts = async (key: string): Promise<string> => {
  const command = new CreateMultipartUploadCommand({ Bucket: tested.s3.bucket, Key: key })
  return (await tested.s3.client.send(command)).UploadId ?? ''
}
const multipartIds = async (): Promise<string[]> => {
  const listed = await tested.s3.client.send(new ListMultipartUploadsCommand({ Bucket: tested.s3.bucket }))
  return (listed.Uploads ?? []).flatMap(({ UploadId }) => UploadId ?? []).sort()
}
const beginLarge = () => {
  const { sha256: _none, ...request } = tested.requestFor(textBytes('x'), { size: 20 * MIB })
  return tested.service.beginUpload(tested.actor, request)
}
const run = async (options: ReconcileOptions = LATER, ports: Ports = tested.ports) => {
  const report = await reconcile(ports, options)
  if (report === undefined) throw new Error('S3 can be listed')
  return report
}
const NOTHING = { orphansRemoved: 0, orphansWithheld: 0, uploadsAborted: 0, findings: 0 }

describe('objects without rows', () => {
  test('go, and everything that a row wants or that is not ours stays; a second run finds nothing to do', async () => {
    const ready = await Promise.all([store(), store(), store()])
    const uploading = await tested.service.beginUpload(tested.actor, tested.requestFor(textBytes('sent')))
    const kept = [
      ...ready.map(objectKey),
      await put(objectKey(uploading.fileId), 'sent'),
      await put('files/readme.txt'),
      await put(`files/zz/${newFileId()}/original`),
      await put(`${objectKey(newFileId())}-2`),
      await put(`files2/${objectKey(newFileId()).slice('files/'.length)}`),
      await put(`legacy/${newFileId()}/photo.jpg`),
    ]
    const orphans = [newFileId(), newFileId()]
    for (const id of orphans) await put(objectKey(id))
    expect(await run()).toMatchObject({
      orphansRemoved: 2,
      bytesFreed: 22,
      foreignKeys: 3,
      readyFiles: 3,
      findings: 0,
    })
    expect((await tested.listKeys()).sort()).toEqual(kept.sort())
    expect(await run()).toMatchObject(NOTHING)
  })

  test('stay while they are young, and in a dry run, which counts the same', async () => {
    const key = await put(objectKey(newFileId()))
    expect(await run({})).toMatchObject(NOTHING)
    expect(await run({ ...LATER, dryRun: true })).toMatchObject({ orphansRemoved: 1 })
    expect(await tested.listKeys()).toEqual([key])
    expect(await run()).toMatchObject({ orphansRemoved: 1 })
    expect(await tested.listKeys()).toEqual([])
  })

  test('are asked about again: what got a row after it was listed stays', async () => {
    const bytes = textBytes('just in time')
    const request = tested.requestFor(bytes)
    const fileId = newFileId()
    await put(objectKey(fileId), 'just in time')
    const { ledger } = tested.ports
    const late: Ports = {
      ...tested.ports,
      newFileId: () => fileId,
      ledger: {
        ...ledger,
        // The rows of the page are read before the upload begins, each object is asked about after.
        listRange: async (range) => {
          const rows = await ledger.listRange(range)
          await tested.ports.registry.begin({
            fileId,
            actor: tested.actor,
            request,
            transport: 'inline',
            expiresAt: new Date(),
            writableUntil: new Date(),
          })
          return rows
        },
      },
    }
    expect(await run(LATER, late)).toMatchObject(NOTHING)
    expect(await tested.listKeys()).toEqual([objectKey(fileId)])
  })

  test('go when their row is expired, with nothing left for the row to find', async () => {
    const begun = await tested.service.beginUpload(tested.actor, tested.requestFor(textBytes('late')))
    await tested.service.abortUpload(tested.actor, begun)
    await put(objectKey(begun.fileId), 'late')
    expect(await run()).toMatchObject({ orphansRemoved: 1 })
    expect(await tested.listKeys()).toEqual([])
  })

  test('are withheld when nearly everything looks like one, as with the wrong database', async () => {
    for (let made = 0; made < 25; made += 1) await put(objectKey(newFileId()))
    expect(await run()).toMatchObject({ orphansRemoved: 0, orphansWithheld: 25 })
    expect(await tested.listKeys()).toHaveLength(25)
    expect(await run({ ...LATER, removeMany: true })).toMatchObject({
      orphansRemoved: 25,
      orphansWithheld: 0,
    })
    expect(await tested.listKeys()).toEqual([])
  })

  test('are found on every page, wherever the pages end', async () => {
    const ready = []
    for (let made = 0; made < 7; made += 1) {
      ready.push(await store())
      await put(objectKey(newFileId()))
    }
    await remove(objectKey(ready[3] ?? newFileId()))
    expect(await run({ ...LATER, pageSize: 2 })).toMatchObject({
      orphansRemoved: 7,
      readyFiles: 7,
      findings: 1,
    })
    expect(await tested.listKeys()).toHaveLength(6)
  })
})

describe('multipart uploads without a live row', () => {
  test('are aborted, and nobody else’s is', async () => {
    const alive = await beginLarge()
    const doubled = await beginParts(objectKey(alive.fileId))
    const kept = [
      ...(await multipartIds()).filter((id) => id !== doubled),
      await beginParts('legacy/video.mp4'),
      await beginParts('files2/ab/abcdefghijklmno/original'),
      await beginParts('files/ab/not-an-id/original'),
      await beginParts(`${objectKey(newFileId())}-2`),
    ]
    await beginParts(objectKey(newFileId()))
    const finished = await store()
    await beginParts(objectKey(finished))
    expect(await run({})).toMatchObject(NOTHING)
    expect(await run({ ...LATER, pageSize: 2 })).toMatchObject({ uploadsAborted: 3, orphansRemoved: 0 })
    expect(await multipartIds()).toEqual(kept.sort())
    expect(await run()).toMatchObject(NOTHING)
    const parts = [{ partNumber: 1, sha256: createHash('sha256').digest('hex') }]
    await expect(
      tested.service.signParts(tested.actor, { fileId: alive.fileId, parts }),
    ).resolves.toBeDefined()
  })
})

describe('ready rows without their object', () => {
  test('are noted and never removed, and the finding goes when the object is back', async () => {
    const missing = await store('gone')
    const short = await store('shortened')
    await remove(objectKey(missing))
    await put(objectKey(short), 'short')
    expect(await run({ ...LATER, dryRun: true })).toMatchObject({ findings: 2 })
    expect(await tested.ports.findings.list(10)).toEqual([])
    for (let time = 0; time < 2; time += 1) expect(await run()).toMatchObject({ ...NOTHING, findings: 2 })
    const noted = await tested.ports.findings.list(10)
    expect(noted.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toMatchObject([
      { fileId: missing, kind: 'missing-object' },
      { fileId: short, kind: 'size-mismatch', detail: '5 bytes in place of 9' },
    ])
    expect(await tested.countRows()).toEqual({ ready: 2 })
  })

  test('are no finding when the listing was wrong', async () => {
    const fileId = await store()
    const blind: Ports = {
      ...tested.ports,
      listing: { objects: async function* () {}, multiparts: async function* () {} },
    }
    expect(await run(LATER, blind)).toMatchObject({ ...NOTHING, readyFiles: 1 })
    expect(await tested.listKeys()).toEqual([objectKey(fileId)])
  })

  test('are missed in the trash as well, from which they may be restored', async () => {
    const fileId = await store()
    await tested.service.trashFiles(tested.actor, {
      fileIds: [fileId],
      projectIds: [tested.studio.projectId],
    })
    await remove(objectKey(fileId))
    expect(await run()).toMatchObject({ ...NOTHING, findings: 1 })
    expect(await tested.ports.findings.list(10)).toMatchObject([{ fileId, kind: 'missing-object' }])
  })

  test('are no finding any more when they are not ready', async () => {
    const fileId = await store()
    await remove(objectKey(fileId))
    await tested.run(sql`update files set state = 'purged' where id = ${fileId}`)
    expect(await run()).toMatchObject(NOTHING)
  })
})

test.each(['before', 'after'] as const)(
  'a crash %s any effect leaves a state from which the next run goes on',
  async (moment) => {
    const ready = await store()
    let crashes = 0
    for (let effect = 0; ; effect += 1) {
      await put(objectKey(newFileId()))
      await put(objectKey(newFileId()))
      await beginParts(objectKey(newFileId()))
      const fused = fusePorts(tested.ports, { effect, moment })
      const died = await run(LATER, fused.ports).then(
        () => false,
        () => true,
      )
      expect(died).toBe(fused.isBlown())
      await run()
      expect(await tested.listKeys()).toEqual([objectKey(ready)])
      expect(await multipartIds()).toEqual([])
      expect(await run()).toMatchObject(NOTHING)
      if (!died) break
      crashes += 1
    }
    // For each of the three: ask, audit, remove.
    expect(crashes).toBe(9)
  },
)
