/** The operator's command as an operator runs it: a process with the server's environment, beside a server that runs. */
import path from 'node:path'
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { execa } from 'execa'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { openDatabase, type Database } from '@studio/asset-service/adapters/postgres/database'
import { createAssetServiceClient, type AssetServiceClient } from '@studio/asset-service/client'
import { newFileId } from '@studio/asset-service/new-file-id'
import { createTestStudio, type TestStudio } from '@studio/asset-service/testing/test-studio'
import type { FileId } from '@studio/contracts/file'
import { encodeInlineUpload } from '@studio/contracts/inline-upload'
import { bundleServer } from '@studio/dev/bundle-server'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { readEnv } from '../src/env.ts'
import { startAssetServer, type RunningAssetServer } from '../src/start.ts'
import { createTestEnvironment, type Variables } from './test-environment.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'
import { requestOf, type UploadedFile } from './upload-request.ts'

const COMMAND = path.resolve(import.meta.dirname, '../src/assets-command.ts')

/** Bundled once, as the server is for deployment: it starts faster than from its sources. */
let bundle = ''

let issuer: TestIssuer
let studio: TestStudio
let server: RunningAssetServer
let client: AssetServiceClient
let variables: Variables
let database: Database
let s3: S3Client
beforeAll(async () => {
  bundle = await createTestDirectory('assets-command')
  await bundleServer({ entry: COMMAND, outputDirectory: bundle })
  issuer = await startTestIssuer()
  studio = await createTestStudio()
  const { endpoint, region, accessKeyId, secretAccessKey } = inject('testS3')
  s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
})
afterAll(async () => {
  s3.destroy()
  await issuer.close()
  await removeTestDirectory(bundle)
})
beforeEach(async () => {
  variables = await createTestEnvironment(issuer)
  server = await startAssetServer(readEnv(variables))
  client = createAssetServiceClient({
    url: server.url,
    headers: async () => ({ authorization: `Bearer ${await issuer.sign(studio.userId)}` }),
  })
  database = openDatabase({ url: variables['DATABASE_URL'] ?? '', maxConnections: 2, onIdleError: () => {} })
  return async () => {
    await server.stop()
    await database.close()
  }
})

/** A statement past the service; resolves to how many rows it touched. */
const query = async (text: string) => (await database.pool.query(text)).rowCount
const bucket = () => ({ Bucket: variables['S3_BUCKET'] ?? '' })
const keyOf = (fileId: FileId) => `files/${fileId.slice(0, 2)}/${fileId}/original`
const put = (fileId: FileId, body: string) =>
  s3.send(new PutObjectCommand({ ...bucket(), Key: keyOf(fileId), Body: body }))
const keys = async () =>
  ((await s3.send(new ListObjectsV2Command(bucket()))).Contents ?? []).map(({ Key }) => Key)
const fileOf = (text: string): UploadedFile => requestOf(studio, text)
const store = async (text: string): Promise<FileId> => {
  const { request, bytes } = fileOf(text)
  return (await client.uploads.putInline.mutate(encodeInlineUpload(request, bytes))).fileId
}

async function assets(...args: string[]) {
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [path.join(bundle, 'assets-command.js'), ...args],
    {
      env: { ...variables, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      reject: false,
    },
  )
  return { stdout, stderr, exitCode }
}
async function json(...args: string[]): Promise<{ exitCode: number | undefined; answer: unknown }> {
  const { stdout, exitCode } = await assets(...args, '--json')
  return { exitCode, answer: JSON.parse(stdout) }
}

describe('assets reconcile', () => {
  test('shows in a dry run what it does in earnest, and a second run finds nothing to do', async () => {
    const ready = await store('kept')
    const orphan = newFileId()
    await put(orphan, 'orphan')
    expect(await json('reconcile', '--grace-hours', '0', '--dry-run')).toMatchObject({
      exitCode: 0,
      answer: { dryRun: true, orphansRemoved: 1, events: [{ kind: 'orphan-removed', fileId: orphan }] },
    })
    expect((await json('reconcile')).answer).toMatchObject({ orphansRemoved: 0 })
    expect(await keys()).toHaveLength(2)
    const { stdout, exitCode } = await assets('reconcile', '--grace-hours', '0')
    expect(stdout).toContain(`orphan-removed  ${orphan}`)
    expect(stdout).toContain('1 orphans removed (6 B)')
    expect(exitCode).toBe(0)
    expect(await keys()).toEqual([keyOf(ready)])
    const again = await json('reconcile', '--grace-hours', '0')
    expect(again).toMatchObject({ exitCode: 0, answer: { orphansRemoved: 0, uploadsAborted: 0, events: [] } })
  })

  test('exits with 1 while a file has lost its object, which stats shows', async () => {
    const fileId = await store('lost')
    await s3.send(new DeleteObjectCommand({ ...bucket(), Key: keyOf(fileId) }))
    const { stdout, exitCode } = await assets('reconcile')
    expect([stdout.split('\n')[0], exitCode]).toEqual([
      `missing-object  ${fileId}  no object at ${keyOf(fileId)}`,
      1,
    ])
    expect(await json('stats')).toMatchObject({
      exitCode: 1,
      answer: {
        states: [{ state: 'ready', files: 1, bytes: 4 }],
        outbox: { entries: 0, failing: 0, oldestAt: null },
        findings: { open: 1, oldest: [{ fileId, kind: 'missing-object' }] },
      },
    })
    await put(fileId, 'lost')
    expect(await json('scrub')).toMatchObject({ exitCode: 0, answer: { files: 1, findings: 0 } })
    expect((await assets('stats')).exitCode).toBe(0)
  })
})

test('assets scrub lists in a dry run, reads as many as it may, and exits with 1 for rotten bytes', async () => {
  const fileIds = [await store('first'), await store('second')]
  expect((await json('scrub', '--dry-run')).answer).toMatchObject({ files: 2, bytes: 11 })
  expect((await json('scrub', '--limit', '1')).answer).toMatchObject({ files: 1, findings: 0 })
  for (const fileId of fileIds) await put(fileId, fileId === fileIds[0] ? 'fIrst' : 'sEcond')
  const { stdout, exitCode } = await assets('scrub', '--again-days', '0', '--rate', '1000000')
  expect(stdout.match(/checksum-mismatch/g)).toHaveLength(2)
  expect(exitCode).toBe(1)
})

test('assets uploads lists what is unfinished, and ends what is overdue when it is told to', async () => {
  const { request } = fileOf('never sent')
  const begun = await client.uploads.begin.mutate({ ...request, name: 'never \u202Etxt.sent' })
  const kept = await client.uploads.begin.mutate(fileOf('still coming').request)
  await query(`
    update files set expires_at = now() - interval '1 minute', writable_until = now() - interval '2 hours'
    where id = '${begun.fileId}'`)
  expect((await json('uploads', '--expire-overdue', '--dry-run')).answer).toMatchObject({
    overdue: 1,
    removed: 0,
    uploads: [{ fileId: begun.fileId, size: 10, transport: 'direct' }, { fileId: kept.fileId }],
  })
  const { stdout } = await assets('uploads')
  expect(stdout).toContain('never ?txt.sent')
  expect(stdout).toContain('2 unfinished, 1 of them overdue')
  expect((await json('uploads', '--expire-overdue')).answer).toMatchObject({
    removed: 1,
    uploads: [{ fileId: kept.fileId }],
  })
})

test('assets quota shows what a project takes up, sets what it may, and takes it back', async () => {
  await store('seven b')
  const { projectId } = studio
  expect(await json('quota', projectId)).toEqual({
    exitCode: 0,
    answer: { projectId, usedBytes: 7, quotaBytes: null },
  })
  expect((await assets('quota', projectId, '1KiB')).stdout).toBe(`${projectId}: 7 B taken up, of 1.0 KiB`)
  expect((await json('stats')).answer).toMatchObject({
    projects: [{ projectId, usedBytes: 7, quotaBytes: 1024 }],
  })
  await assets('quota', projectId, '10')
  await expect(store('four')).rejects.toMatchObject({ message: expect.stringContaining('3 bytes are free') })
  expect((await json('quota', projectId, 'none')).answer).toMatchObject({ quotaBytes: null })
  await store('four')
  expect((await json('quota', projectId, 'default')).answer).toMatchObject({
    usedBytes: 11,
    quotaBytes: null,
  })
})

test('assets trash lists what is in the trash, and purges what is due when it is told to', async () => {
  const { projectId } = studio
  const [due, later] = [await store('due'), await store('later')]
  await client.files.trash.mutate({ fileIds: [due, later], projectIds: [projectId] })
  await query(`update files set purge_at = now() - interval '1 minute' where id = '${due}'`)
  expect((await json('trash', '--purge-due', '--dry-run')).answer).toMatchObject({
    due: 1,
    purged: 0,
    files: [{ fileId: due, size: 3 }, { fileId: later }],
  })
  expect((await assets('trash')).stdout).toContain('2 in the trash, 1 of them due; 0 purged')
  expect((await json('trash', '--purge-due')).answer).toMatchObject({
    due: 0,
    purged: 1,
    files: [{ fileId: later }],
  })
  expect(await keys()).toEqual([keyOf(later)])
  expect((await json('quota', projectId)).answer).toMatchObject({ usedBytes: 5 })
  expect(await json('reconcile', '--grace-hours', '0')).toMatchObject({
    exitCode: 0,
    answer: { orphansRemoved: 0, events: [] },
  })
})

test('assets outbox shows what fails and why, and makes it due', async () => {
  const fileId = await store('unrecorded')
  const untilDelivered = () => expect.poll(() => query(`select from outbox`), { timeout: 10_000 }).toBe(0)
  await untilDelivered()
  await query(`
    insert into outbox (file_id, due_at, attempts, last_error)
    values ('${fileId}', now() + interval '1 hour', 3, 'RECORDS_UNAVAILABLE: away')`)
  const { stdout } = await assets('outbox')
  expect(stdout).toMatch(new RegExp(`${fileId} +create +3 .*RECORDS_UNAVAILABLE: away`))
  expect((await json('outbox', '--retry-now', '--dry-run')).answer).toMatchObject({ retried: 0 })
  expect((await json('outbox', '--retry-now')).answer).toMatchObject({ retried: 1 })
  // The server beside it delivers: the record is there already, and the entry goes.
  await untilDelivered()
})

describe('a wrong call', () => {
  test.each([
    [['frobnicate'], 2, 'There is no command "frobnicate"'],
    [['reconcile', '--grace-hours', 'many'], 2, '--grace-hours takes a number of at least 0'],
    [['scrub', '--limit', '0'], 2, '--limit takes a number of at least 1'],
    [['quota'], 2, 'there is no project without an id'],
    [['quota', 'project00000001', 'much'], 2, 'A quota is a number of bytes'],
    [['stats', 'too', 'much'], 2, "Unexpected argument 'too'"],
    [['stats', '--unknown'], 2, "Unknown option '--unknown'"],
  ])('%j exits with %d and says why', async (args, code, says) => {
    const { exitCode, stderr, stdout } = await assets(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' })
    expect(stderr).toContain(says)
  })

  test('without a database exits with 1 and repeats no secret', async () => {
    variables['DATABASE_URL'] = 'postgres://nobody:very-secret@127.0.0.1:9/none'
    const { exitCode, stderr } = await assets('stats')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('ECONNREFUSED')
    expect(stderr).not.toContain('very-secret')
  })

  test('for help is none', async () => {
    const { exitCode, stdout } = await assets('--help')
    expect(exitCode).toBe(0)
    for (const name of ['uploads', 'reconcile', 'scrub', 'stats', 'quota', 'outbox', 'trash'])
      expect(stdout).toContain(`  ${name}`)
  })
})
