/** The promises of docs/promises.md, each as a question to a stack that runs. A broken one is an `Error` that names it. */
import { execa } from 'execa'
import { waitUntil } from '@studio/dev/wait-until'
import { z } from 'zod'
import { callBff, type Caller } from './bff-calls.ts'
import { openDatabaseLook } from './database-look.ts'
import type { FaultyStack } from './faulty-stack.ts'
import { openStoreLook } from './store-look.ts'
import { sha256Of, type Stored, type Upload } from './uploads.ts'

/** An upload, and what its client has heard of it. */
export interface Heard {
  readonly upload: Upload
  /** Every "done" that it was told. */
  readonly stored: readonly Stored[]
}

const DEADLINE_MS = 30_000

/** The owner of the project, as a client of the BFF. */
export function ownerOf({ client, scene }: FaultyStack): Caller {
  return { url: client.url, token: scene.owner }
}

function broken(promise: string, why: string): never {
  throw new Error(`${promise} is broken: ${why}`)
}

const urlsSchema = z.object({
  items: z.array(
    z.union([z.object({ status: z.literal('ok'), url: z.string() }), z.object({ code: z.string() })]),
  ),
})

async function urlOf(caller: Caller, fileId: string): Promise<string | undefined> {
  const { items } = urlsSchema.parse(await callBff(caller, 'files.urls', { items: [{ fileId }] }))
  const [item] = items
  return item !== undefined && 'url' in item ? item.url : undefined
}

/** P1 and P2: whoever heard "done" reads the same bytes. */
export async function expectReadable(stack: FaultyStack, { upload, stored }: Heard): Promise<void> {
  for (const { fileId } of stored) {
    const url = await urlOf(ownerOf(stack), fileId)
    if (url === undefined) broken('P1', `${fileId} was acknowledged and cannot be read`)
    const answer = await fetch(url)
    if (!answer.ok) broken('P1', `reading ${fileId} answers ${answer.status}`)
    if (sha256Of(new Uint8Array(await answer.arrayBuffer())) !== upload.sha256) {
      broken('P1', `${fileId} reads back other bytes`)
    }
  }
}

/** P3: every ready row has its record, and every record its ready row, once the outbox is empty. */
export async function expectRecords(stack: FaultyStack): Promise<void> {
  const database = openDatabaseLook(stack.databaseUrl)
  try {
    await waitUntil(async () => (await database.endLeases()) === 0, {
      what: 'the outbox to be empty',
      deadlineMs: DEADLINE_MS,
      intervalMs: 100,
    })
    const ready = (await database.rows()).filter(({ state }) => state === 'ready').map(({ id }) => id)
    const filter = `project = '${stack.scene.projectId}'`
    const records = await stack.scene.records.collection('files').getFullList({ filter, fields: 'id' })
    const [rows, known] = [new Set(ready), new Set(records.map(({ id }) => id))]
    for (const id of rows) if (!known.has(id)) broken('P3', `${id} is ready and has no record`)
    for (const id of known) if (!rows.has(id)) broken('P3', `${id} has a record and is not ready`)
    if (records.length !== known.size) broken('P3', 'a file has two records')
  } finally {
    await database.close()
  }
}

/** Runs the operator's command beside the servers, with their environment. */
async function assets(stack: FaultyStack, args: readonly string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [stack.apps.assets, ...args, '--json'], {
    env: { ...stack.variables['asset-server'], AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    reject: false,
  })
  if (exitCode === undefined || exitCode > 1 || stdout === '')
    throw new Error(`assets ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}

const reconciledSchema = z.object({ events: z.array(z.record(z.string(), z.unknown())) })

async function reconcile(stack: FaultyStack): Promise<Record<string, unknown>[]> {
  const report = await assets(stack, ['reconcile', '--grace-hours', '0', '--remove-many'])
  return reconciledSchema.parse(report).events
}

export interface LeakOptions {
  /** Multipart uploads whose creator died before it could note them: only reconciliation can know of them. */
  readonly unnotedParts?: boolean
}

/** P4 and P7: after every unfinished upload's time has run out, nothing is left that no ready row wants. */
export async function expectNoLeaks(
  stack: FaultyStack,
  { unnotedParts = false }: LeakOptions = {},
): Promise<void> {
  const database = openDatabaseLook(stack.databaseUrl)
  const store = openStoreLook(stack.servers.s3, stack.bucket)
  try {
    await database.endUploads()
    const unfinished = (await database.rows()).some(({ state }) => state !== 'ready')
    if (unfinished) await assets(stack, ['uploads', '--expire-overdue'])
    const found = await reconcile(stack)
    const expected = (event: Record<string, unknown>) => unnotedParts && event['kind'] === 'upload-aborted'
    const unexpected = found.filter((event) => !expected(event))
    if (unexpected.length > 0) broken('P4', `reconciliation had to settle ${JSON.stringify(unexpected)}`)
    const again = found.length > 0 ? await reconcile(stack) : []
    if (again.length > 0) broken('P4', `reconciliation never ends: ${JSON.stringify(again)}`)

    const rows = await database.rows()
    const notReady = rows.filter(({ state }) => state !== 'ready')
    if (notReady.length > 0) broken('P4', `rows stay: ${JSON.stringify(notReady)}`)
    const wanted = new Set(rows.map(({ id }) => id))
    const keys = await store.keys()
    const left = keys.filter((key) => !wanted.has(key.split('/')[2] ?? ''))
    if (left.length > 0) broken('P4', `objects stay: ${left.join()}`)
    if (keys.length !== wanted.size) broken('P4', `${wanted.size} rows and ${keys.length} objects`)
    const parts = await store.unfinished()
    if (parts.length > 0) broken('P4', `multipart uploads stay: ${parts.join()}`)
  } finally {
    store.close()
    await database.close()
  }
}

/** P5: the store tells strangers nothing, and the BFF gives them no address. */
export async function expectPrivate(stack: FaultyStack, fileId: string): Promise<void> {
  const { client, scene } = stack
  const url = await urlOf({ url: client.url, token: scene.stranger }, fileId)
  if (url !== undefined) broken('P5', `a stranger got an address of ${fileId}`)
  const own = await urlOf(ownerOf(stack), fileId)
  if (own === undefined) broken('P1', `${fileId} cannot be read by its owner`)
  const signed = await fetch(own)
  await signed.body?.cancel()
  const cached = signed.headers.get('cache-control') ?? ''
  if (!cached.includes('private')) broken('P5', `others may keep a private file: ${cached}`)
  const anonymous = await fetch(own.split('?')[0] ?? '')
  if (anonymous.status !== 403) broken('P5', `an unsigned read answers ${anonymous.status}`)
}

/** P6: however often it was told, it was the same file, and there is one of it. */
export async function expectOnce(stack: FaultyStack, heard: readonly Heard[]): Promise<void> {
  const database = openDatabaseLook(stack.databaseUrl)
  try {
    const rows = await database.rows()
    for (const { upload, stored } of heard) {
      const ids = new Set(stored.map(({ fileId }) => fileId))
      if (ids.size > 1) broken('P6', `one upload was acknowledged as ${[...ids].join()}`)
      // A tus client that did not hear where its upload is begins another: only one can become a file.
      const same = rows.filter(({ name, state }) => name === upload.request.name && state === 'ready')
      if (same.length > 1) broken('P6', `one upload is stored ${same.length} times`)
    }
  } finally {
    await database.close()
  }
}

/** All of them, for everything that was uploaded to this stack. */
export async function expectPromises(
  stack: FaultyStack,
  heard: readonly Heard[],
  options: LeakOptions = {},
): Promise<void> {
  await expectRecords(stack)
  for (const each of heard) await expectReadable(stack, each)
  await expectOnce(stack, heard)
  const [file] = heard.flatMap(({ stored }) => stored)
  if (file !== undefined) await expectPrivate(stack, file.fileId)
  await expectNoLeaks(stack, options)
}
