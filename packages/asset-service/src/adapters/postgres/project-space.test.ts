/** Quota: exact whatever happens at once, freed exactly once, and the counter is always the sum of what is there. */
import fc from 'fast-check'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { projectIdSchema, type ProjectId } from '@studio/contracts/project'
import type {} from '@studio/dev/testing/global-postgres'
import { createTestDatabase } from '@studio/dev/testing/test-postgres'
import { newUpload } from '../../conformance/file-registry-conformance.ts'
import { newFileId } from '../../files/new-file-id.ts'
import type { ExpiredUploads, FileRegistry, NewUpload } from '../../ports/file-registry.ts'
import type { FileLife } from '../../ports/file-life.ts'
import type { ProjectSpace } from '../../ports/project-space.ts'
import { openDatabase, type Database } from './database.ts'
import { createExpiredUploads } from './expired-uploads.ts'
import { createFileLife } from './file-life.ts'
import { createFileRegistry } from './file-registry.ts'
import { migrateDatabase } from './migrate.ts'
import { createProjectSpace } from './project-space.ts'

const QUOTA = 100
const OBSERVED = { mimeType: 'text/plain', width: null, height: null }

let database: Database
let registry: FileRegistry
let expiredUploads: ExpiredUploads
let life: FileLife
let space: ProjectSpace
let projects: [ProjectId, ProjectId]
beforeAll(async () => {
  const url = await createTestDatabase(inject('testPostgres').url)
  database = openDatabase({ url, maxConnections: 8, onIdleError: () => {} })
  await migrateDatabase(database)
  registry = createFileRegistry(database, { defaultQuota: QUOTA })
  expiredUploads = createExpiredUploads(database)
  life = createFileLife(database)
  space = createProjectSpace(database, { defaultQuota: QUOTA })
})
afterAll(() => database.close())
beforeEach(() => {
  const newProject = () => projectIdSchema.parse(newFileId())
  projects = [newProject(), newProject()]
})

function upload(
  size: number,
  change: { project?: 0 | 1; transport?: NewUpload['transport'] } = {},
): NewUpload {
  const { project = 0, transport = 'inline' } = change
  const { request } = newUpload()
  return newUpload({ request: { ...request, size, projectId: projects[project] }, transport })
}
const used = async (project: 0 | 1 = 0) => (await space.find(projects[project])).usedBytes
const refusal = expect.objectContaining({ code: 'QUOTA_EXCEEDED' })

/** The sum over the rows that take up room, past the port. */
async function sumOf(projectId: ProjectId): Promise<number> {
  const [row] = await database.rows(
    sql`select coalesce(sum(size), 0) as sum from files
      where project_id = ${projectId} and state in ('uploading', 'ready', 'trashed')`,
    z.object({ sum: z.coerce.number() }),
  )
  return row?.sum ?? 0
}

describe('a quota', () => {
  test('admits to the last byte and not one more, and says in words how much is left', async () => {
    await registry.begin(upload(60))
    await expect(registry.begin(upload(41))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: 'This project has no room left for this file: 40 bytes are free.',
    })
    await registry.begin(upload(40, { transport: 'direct' }))
    await expect(registry.begin(upload(1))).rejects.toEqual(refusal)
    expect(await used()).toBe(QUOTA)
    await registry.begin(upload(100, { project: 1 }))
  })

  test('leaves no row, no audit row and no counter behind when it refuses', async () => {
    const refused = upload(101)
    await expect(registry.begin(refused)).rejects.toEqual(refusal)
    expect(await registry.findUpload(refused.fileId, refused.actor)).toBeUndefined()
    expect(await database.run(sql`select from audit_log where ${refused.fileId} = any(file_ids)`)).toBe(0)
    expect(await database.run(sql`select from project_storage where project_id = ${projects[0]}`)).toBe(0)
  })

  test('is never exceeded by uploads that begin at once', async () => {
    const begun = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        registry.begin(upload(7, { transport: index % 2 === 0 ? 'inline' : 'direct' })),
      ),
    )
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(Math.floor(QUOTA / 7))
    expect(await used()).toBe(Math.floor(QUOTA / 7) * 7)
  })

  test('counts a request that comes many times at once only once', async () => {
    const { request } = upload(30)
    await Promise.all(
      Array.from({ length: 12 }, () => registry.begin(newUpload({ request, transport: 'inline' }))),
    )
    expect(await used()).toBe(30)
    await registry.begin(newUpload({ request, transport: 'inline' }))
    expect(await used()).toBe(30)
  })

  test('is the project’s own where it has one, which may be none at all', async () => {
    await space.setQuota(projects[0], 10)
    await expect(registry.begin(upload(11))).rejects.toEqual(refusal)
    await space.setQuota(projects[0], 'none')
    await registry.begin(upload(5 * 1024 ** 4))
    expect(await space.find(projects[0])).toEqual({ usedBytes: 5 * 1024 ** 4, quotaBytes: null })
    await space.setQuota(projects[0], 'default')
    await expect(registry.begin(upload(1))).rejects.toEqual(refusal)
    expect((await space.listLargest(1))[0]).toEqual({
      projectId: projects[0],
      usedBytes: 5 * 1024 ** 4,
      quotaBytes: QUOTA,
    })
    await space.setQuota(projects[1], 2 * QUOTA)
    await registry.begin(upload(2 * QUOTA, { project: 1 }))
  })

  test('holds for a size that becomes known later, which grows and shrinks with its reservation', async () => {
    const [growing, other] = [upload(0), upload(50)]
    for (const each of [growing, other]) await registry.begin(each)
    expect(await registry.growReservation(growing.fileId, 51)).toBeUndefined()
    expect(await used()).toBe(50)
    expect(await registry.growReservation(growing.fileId, 50)).toMatchObject({ request: { size: 50 } })
    expect(await used()).toBe(QUOTA)
    expect(await registry.growReservation(growing.fileId, 20)).toMatchObject({ request: { size: 20 } })
    const grown = await Promise.all(
      [other, other, growing].map(({ fileId }) => registry.growReservation(fileId, 80)),
    )
    expect(grown.filter((row) => row !== undefined).length).toBeGreaterThan(0)
    expect(await used()).toBe(await sumOf(projects[0]))
    expect(await used()).toBeLessThanOrEqual(QUOTA)
    await registry.expire(growing.fileId, 'aborted')
    expect(await registry.growReservation(growing.fileId, 1)).toBeUndefined()
    expect(await used()).toBe(await sumOf(projects[0]))
  })

  test('is freed once when an upload is aborted many times at once, and when its time is over', async () => {
    const [aborted, overdue] = [upload(20), { ...upload(30), expiresAt: new Date(Date.now() - 1000) }]
    for (const each of [aborted, overdue, upload(40)]) await registry.begin(each)
    await Promise.all(Array.from({ length: 6 }, () => registry.expire(aborted.fileId, 'aborted')))
    expect(await used()).toBe(70)
    await Promise.all([1, 2, 3].map(() => expiredUploads.expireOverdue(new Date())))
    expect(await used()).toBe(40)
  })
})

describe('a counter that is wrong', () => {
  test('is found and mended, also while uploads begin', async () => {
    await registry.begin(upload(30))
    for (const wrong of [0, 99]) {
      await database.run(
        sql`update project_storage set used_bytes = ${wrong} where project_id = ${projects[0]}`,
      )
      const [drift] = (await space.check({ after: '', limit: 1000 })).filter(
        ({ projectId }) => projectId === projects[0],
      )
      expect(drift).toMatchObject({ countedBytes: wrong, actualBytes: expect.any(Number) })
      expect(drift?.actualBytes).not.toBe(wrong)
      await Promise.allSettled([
        registry.begin(upload(1)),
        space.mend(projects[0]),
        registry.begin(upload(1)),
        space.mend(projects[0]),
      ])
      await space.mend(projects[0])
      expect(await used()).toBe(await sumOf(projects[0]))
    }
  })

  test('does not keep an upload from ending', async () => {
    const begun = upload(30)
    await registry.begin(begun)
    await database.run(sql`update project_storage set used_bytes = 0 where project_id = ${projects[0]}`)
    expect(await registry.expire(begun.fileId, 'aborted')).toBe(true)
    expect(await used()).toBe(0)
  })
})

type Step = { kind: 'begin'; project: 0 | 1; size: number; inline: boolean } | { kind: Later; pick: number }
type Later = 'again' | 'grow' | 'complete' | 'abort' | 'overdue' | 'trash' | 'restore' | 'purge' | 'mend'
const LATER: readonly Later[] = [
  'again',
  'grow',
  'complete',
  'abort',
  'overdue',
  'trash',
  'restore',
  'purge',
  'mend',
]

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('begin' as const),
    project: fc.constantFrom(0 as const, 1 as const),
    size: fc.nat(60),
    inline: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom(...LATER), pick: fc.nat(20) }),
)

/** Does one thing to one of the uploads; what is refused for its state is part of the game. */
async function take(each: Step, uploads: NewUpload[]): Promise<void> {
  if (each.kind === 'begin') {
    const { project, inline } = each
    const begun = upload(each.size, { project, transport: inline ? 'inline' : 'direct' })
    uploads.push(begun)
    return void (await registry.begin(begun).catch((error: unknown) => expect(error).toEqual(refusal)))
  }
  const picked = uploads[each.pick % Math.max(1, uploads.length)]
  if (picked === undefined) return
  const { fileId, actor, request } = picked
  const change = { fileIds: [fileId], projectIds: [request.projectId], actor }
  const now = new Date()
  const purgeAt = new Date(now.getTime() + 3_600_000)
  const doing: Record<Later, () => Promise<unknown>> = {
    // A client that repeats itself knows its key, and the service makes up another id each time.
    async again() {
      const repeated = { ...picked, fileId: newFileId() }
      uploads.push(repeated)
      await registry.begin(repeated).catch((error: unknown) => expect(error).toEqual(refusal))
    },
    grow: () => registry.growReservation(fileId, each.pick * 4),
    complete: () => registry.commit(fileId, OBSERVED),
    abort: () => registry.expire(fileId, 'aborted'),
    overdue: () => expiredUploads.expireOverdue(now),
    trash: () => life.trash({ ...change, now, purgeAt }),
    restore: () => life.restore({ ...change, now }),
    purge: () => life.purge(change),
    mend: () => space.mend(request.projectId),
  }
  await doing[each.kind]()
}

test('whatever happens at once, the counter is the sum of what is there and never above the quota', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { maxLength: 6 }),
      async (rounds) => {
        projects = [projectIdSchema.parse(newFileId()), projectIdSchema.parse(newFileId())]
        const uploads: NewUpload[] = []
        for (const round of rounds) {
          await Promise.all(round.map((each) => take(each, uploads)))
          for (const projectId of projects) {
            const { usedBytes } = await space.find(projectId)
            expect(usedBytes).toBe(await sumOf(projectId))
            expect(usedBytes).toBeLessThanOrEqual(QUOTA)
          }
        }
      },
    ),
    { numRuns: 60 },
  )
})
