/** The PostgreSQL registry passes the registry's conformance suite, and its schema keeps what the code promises. */
import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import type {} from '@studio/dev/testing/global-postgres'
import { createTestDatabase } from '@studio/dev/testing/test-postgres'
import { describeFileLedger } from '../../conformance/file-ledger-conformance.ts'
import { describeFileRegistry } from '../../conformance/file-registry-conformance.ts'
import { newFileId } from '../../files/new-file-id.ts'
import { openDatabase, type Database } from './database.ts'
import { createExpiredUploads } from './expired-uploads.ts'
import { createFileLedger } from './file-ledger.ts'
import { createFileRegistry } from './file-registry.ts'
import { createFindings } from './findings.ts'
import { createMetadataOutbox } from './metadata-outbox.ts'
import { migrateDatabase } from './migrate.ts'
import { createOperatorDesk } from './operator-desk.ts'

async function openMigrated(): Promise<Database> {
  const url = await createTestDatabase(inject('testPostgres').url)
  const database = openDatabase({ url, maxConnections: 16, onIdleError: () => {} })
  await migrateDatabase(database)
  return database
}

describeFileRegistry('PostgreSQL', async () => {
  const database = await openMigrated()
  return {
    registry: createFileRegistry(database),
    expiredUploads: createExpiredUploads(database),
    outbox: createMetadataOutbox(database),
    close: () => database.close(),
  }
})

describeFileLedger('PostgreSQL', async () => {
  const database = await openMigrated()
  return {
    registry: createFileRegistry(database),
    expiredUploads: createExpiredUploads(database),
    outbox: createMetadataOutbox(database),
    ledger: createFileLedger(database),
    findings: createFindings(database),
    desk: createOperatorDesk(database),
    empty: async () =>
      void (await database.run(sql`truncate files, outbox, findings, project_storage cascade`)),
    close: () => database.close(),
  }
})

describe('the PostgreSQL registry', () => {
  const opened: Database[] = []
  afterAll(() => Promise.all(opened.map((database) => database.close())))

  test('migrates an empty database once, however many replicas start at once and how often', async () => {
    const url = await createTestDatabase(inject('testPostgres').url)
    const replicas = Array.from({ length: 4 }, () =>
      openDatabase({ url, maxConnections: 2, onIdleError: () => {} }),
    )
    opened.push(...replicas)
    await Promise.all(replicas.map((database) => migrateDatabase(database)))
    const [first] = replicas
    if (first === undefined) throw new Error('no replica')
    const tables = () =>
      first.rows(
        sql`select table_name || '.' || column_name as name from information_schema.columns
          where table_schema = 'public' order by 1`,
        z.object({ name: z.string() }),
      )
    const before = await tables()
    await migrateDatabase(first)
    expect(await tables()).toEqual(before)
    expect(before.map((column) => column.name)).toEqual(
      expect.arrayContaining(['files.writable_until', 'files.scrubbed_at', 'findings.kind', 'outbox.kind']),
    )
  })

  test('refuses a state that is not in the table of states', async () => {
    const database = await openMigrated()
    opened.push(database)
    const insert = database.run(sql`
      insert into files (id, state, transport, issuer, subject, idempotency_key, request, expires_at, writable_until)
      values (${newFileId()}, 'done', 'direct', 'i', 's', 'k', '{}', now(), now())`)
    await expect(insert).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
  })

  test('says REGISTRY_UNAVAILABLE with the cause when no database answers', async () => {
    const database = openDatabase({
      url: 'postgres://nobody@127.0.0.1:9/none',
      maxConnections: 1,
      onIdleError: () => {},
    })
    opened.push(database)
    const error: unknown = await createFileRegistry(database)
      .ping()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
    expect(String((error as Error).cause)).toContain('select 1')
  })

  test('leaves an audit row for each decision: who, what, which file, when', async () => {
    const database = await openMigrated()
    opened.push(database)
    const registry = createFileRegistry(database)
    const fileId = newFileId()
    const actor = { issuer: 'https://issuer.test', subject: 'ada' }
    await registry.begin({
      fileId,
      actor,
      request: {
        idempotencyKey: 'key-00000001',
        name: 'a',
        mimeType: 'text/plain',
        size: 1,
        sha256: '0'.repeat(64),
        usage: 'attachment',
        projectId: 'project00000001' as never,
      },
      transport: 'inline',
      expiresAt: new Date(),
      writableUntil: new Date(),
    })
    await registry.commit(fileId, { mimeType: 'text/plain', width: null, height: null })
    await registry.findReadable([fileId], { issuer: actor.issuer, subject: 'grace' })
    const rows = await database.rows(
      sql`select subject, action, file_ids from audit_log order by id`,
      z.object({ subject: z.string(), action: z.string(), file_ids: z.array(z.string()) }),
    )
    expect(rows).toEqual([
      { subject: 'ada', action: 'begin', file_ids: [fileId] },
      { subject: 'ada', action: 'complete', file_ids: [fileId] },
      { subject: 'grace', action: 'read', file_ids: [fileId] },
    ])
  })
})
