/** After a crash: rows, records, objects and the quota's counter say the same, and reconciliation has nothing to do. */
import { expect } from 'vitest'
import { z } from 'zod'
import type { TestStudio } from '@studio/asset-service/testing/test-studio'
import type { OpenedService } from '../src/start.ts'

/** PocketBase and the store may be slow on a busy machine. */
const OUTBOX_DEADLINE_MS = 30_000

const rowsSchema = z.array(z.object({ id: z.string(), state: z.string(), size: z.coerce.number() }))

/** Rows of the registry, in the order of their ids. */
export async function readRows({ database }: OpenedService) {
  return rowsSchema.parse((await database.pool.query('select id, state, size from files order by id')).rows)
}

/** Ends the leases of processes that died, as time would. */
export async function passTime({ database, service }: OpenedService): Promise<void> {
  await database.pool.query(`update outbox set due_at = now()`)
  await database.pool.query(`
    update files set expires_at = now() - interval '1 minute', writable_until = now() - interval '2 hours'
    where state = 'uploading'`)
  while ((await service.expireUploads()) > 0);
}

/** Delivers what is owed; resolves to how much is left. */
async function deliver(opened: OpenedService): Promise<number> {
  await opened.service.deliverDue()
  const { entries } = (await opened.service.stats()).outbox
  if (entries > 0) await opened.database.pool.query(`update outbox set due_at = now()`)
  return entries
}

/** `name` is that of all files of this registry, and of no others in the run's PocketBase. */
export async function expectAgreement(opened: OpenedService, studio: TestStudio, name: string) {
  await expect.poll(() => deliver(opened), { timeout: OUTBOX_DEADLINE_MS, interval: 100 }).toBe(0)
  const rows = await readRows(opened)
  const kept = rows.filter(({ state }) => state === 'ready' || state === 'trashed')
  const ready = kept.filter(({ state }) => state === 'ready')
  const filter = studio.pocketbase.filter('name = {:name}', { name })
  const records = await studio.pocketbase.collection('files').getFullList({ filter, sort: 'id' })
  expect(records.map(({ id }) => id)).toEqual(ready.map(({ id }) => id))
  expect(await opened.service.space.find(studio.projectId)).toMatchObject({
    usedBytes: kept.reduce((sum, { size }) => sum + size, 0),
  })
  expect(await opened.service.reconcile({ graceSeconds: -60 })).toMatchObject({
    objects: kept.length,
    readyFiles: ready.length,
    orphansRemoved: 0,
    uploadsAborted: 0,
    spaceMended: 0,
    findings: 0,
  })
}
