/** What PostgreSQL has acknowledged as ready is there after it was killed (docs/decisions/0008). */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { projectIdSchema } from '@studio/contracts/project'
import { startTestPostgres, type TestPostgres } from '@studio/dev/testing/test-postgres'
import { newUpload } from '../../conformance/file-registry-conformance.ts'
import { openDatabase, type Database } from './database.ts'
import { createFileRegistry } from './file-registry.ts'
import { migrateDatabase } from './migrate.ts'
import { createProjectSpace } from './project-space.ts'

const ROUNDS = 3
const UPLOADS = 24
const PROJECT = projectIdSchema.parse('project00000001')

let server: TestPostgres
let database: Database
beforeAll(async () => {
  server = await startTestPostgres()
  const url = await server.createDatabase()
  database = openDatabase({ url, maxConnections: 8, onIdleError: () => {} })
  await migrateDatabase(database)
})
afterAll(async () => {
  await database.close()
  await server.dispose()
})

const idsIn = async (state: string): Promise<string[]> => {
  const rows = await database.rows(
    sql`select id from files where state = ${state}`,
    z.object({ id: z.string() }),
  )
  return rows.map(({ id }) => id)
}

test('a file that was committed is ready after kill -9 of the database, though its begin was not waited for', async () => {
  const registry = createFileRegistry(database)
  const space = createProjectSpace(database, {})
  const acknowledged: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const uploads = Array.from({ length: UPLOADS }, () => {
      const { request } = newUpload()
      return newUpload({ transport: 'inline', request: { ...request, size: 10 } })
    })
    await Promise.all(
      uploads.map(async (upload, index) => {
        await registry.begin(upload)
        // Every other upload gets no further: what it has may be lost, and then whole.
        if (index % 2 === 1) return
        await registry.commit(upload.fileId, { mimeType: 'text/plain', width: null, height: null })
        acknowledged.push(upload.fileId)
      }),
    )
    await server.kill()
    await server.start()
    expect(await idsIn('ready')).toEqual(expect.arrayContaining(acknowledged))
    // The counter was lost or kept together with each row.
    const { usedBytes } = await space.find(PROJECT)
    expect(usedBytes).toBe(10 * ((await idsIn('ready')).length + (await idsIn('uploading')).length))
  }
  expect(acknowledged).toHaveLength((ROUNDS * UPLOADS) / 2)
})
