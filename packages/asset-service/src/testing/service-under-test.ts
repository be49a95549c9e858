/** The Asset Service over real servers, with a database and a bucket of its own. */
import { createHash } from 'node:crypto'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { sql, type SQL } from 'drizzle-orm'
import { inject } from 'vitest'
import { z } from 'zod'
import type { Actor } from '@studio/contracts/actor'
import type { BegunUpload, BeginUpload } from '@studio/contracts/upload'
import type {} from '@studio/dev/testing/global-postgres'
import type {} from '@studio/dev/testing/global-s3'
import { createTestDatabase } from '@studio/dev/testing/test-postgres'
import { createHttpSource } from '../adapters/http-source.ts'
import { openObjectStore } from '../adapters/open-object-store.ts'
import { createPocketBaseFileMetadata } from '../adapters/pocketbase-file-metadata.ts'
import { openDatabase } from '../adapters/postgres/database.ts'
import { createExpiredUploads } from '../adapters/postgres/expired-uploads.ts'
import { createFileLife } from '../adapters/postgres/file-life.ts'
import { createFileLedger } from '../adapters/postgres/file-ledger.ts'
import { createFileRegistry } from '../adapters/postgres/file-registry.ts'
import { createFindings } from '../adapters/postgres/findings.ts'
import { createMetadataOutbox } from '../adapters/postgres/metadata-outbox.ts'
import { migrateDatabase } from '../adapters/postgres/migrate.ts'
import { createTusUploads } from '../adapters/postgres/tus-uploads.ts'
import { createOperatorDesk } from '../adapters/postgres/operator-desk.ts'
import { createProjectSpace } from '../adapters/postgres/project-space.ts'
import { createContentInspector } from '../adapters/signature-content-inspector.ts'
import { newFileId } from '../files/new-file-id.ts'
import { createAssetService, type AssetService } from '../index.ts'
import type { Ports } from '../ports/ports.ts'
import type { TestStudio } from './test-studio.ts'

export const TEST_ISSUER = 'https://bff.studio.test'

export interface ServiceUnderTest {
  service: AssetService
  ports: Ports
  /** What went wrong in the background, as it would be logged. */
  backgroundErrors: unknown[]
  actor: Actor
  /** A request that fits these bytes; change what the test is about. */
  requestFor(bytes: Uint8Array, change?: Partial<BeginUpload>): BeginUpload
  listKeys(): Promise<string[]>
  /** The bucket as others use it too, past the service. */
  s3: { client: S3Client; bucket: string }
  /** A database statement past the service: damage, and time that passes. */
  run(statement: SQL): Promise<number>
  /** Rows of the registry by state, and entries of the outbox. */
  countRows(): Promise<Record<string, number>>
  /** Ends every lease, as time would. */
  makeOutboxDue(): Promise<void>
  close(): Promise<void>
}

export interface ServiceSetup {
  studio: TestStudio
  now?: () => Date
  pocketbaseUrl?: string
  defaultQuota?: number
  polyglots?: 'refuse' | 'attachment'
}

const countSchema = z.object({ name: z.string(), count: z.coerce.number() })

/** A text that is a valid file of any size. */
export function textBytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text))
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Sends bytes the way a client does: the method, the URL and the headers that `begin` answered. */
export function putDirect(begun: BegunUpload, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  if (begun.state !== 'uploading') throw new Error(`nothing to send: ${begun.state}`)
  if (begun.transport.kind !== 'direct') throw new Error('not one piece')
  const { method, url, headers } = begun.transport
  return fetch(url, { method, headers, body: bytes })
}

/** Tests look at records right after an upload: here it ends when its record is written. */
function createSettlingService(ports: Ports): AssetService {
  const service = createAssetService(ports)
  return {
    ...service,
    async putInline(actor, upload) {
      const stored = await service.putInline(actor, upload)
      await service.deliveriesSettled()
      return stored
    },
  }
}

/** Composes the service as `apps/asset-server` does, over the servers that this test run started. */
export async function createServiceUnderTest(setup: ServiceSetup): Promise<ServiceUnderTest> {
  const { studio, now = () => new Date() } = setup
  const s3 = inject('testS3')
  const bucket = `test-${crypto.randomUUID()}`
  const opened = await openObjectStore({
    kind: 's3',
    now,
    settings: {
      S3_ENDPOINT: s3.endpoint,
      S3_REGION: s3.region,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    },
  })
  await opened.store.prepare({ allowedOrigins: ['http://web.studio.test'] })
  const database = openDatabase({
    url: await createTestDatabase(inject('testPostgres').url),
    maxConnections: 8,
    onIdleError: (error) => backgroundErrors.push(error),
  })
  await migrateDatabase(database)
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
  })
  const { service: identity, url } = inject('testPocketBase')
  const backgroundErrors: unknown[] = []
  const ports: Ports = {
    store: opened.store,
    signer: opened.signer,
    multipart: opened.multipart,
    listing: opened.listing,
    registry: createFileRegistry(database, setup),
    expiredUploads: createExpiredUploads(database),
    life: createFileLife(database),
    httpSource: createHttpSource(),
    tus: createTusUploads(database),
    ledger: createFileLedger(database),
    findings: createFindings(database),
    desk: createOperatorDesk(database),
    space: createProjectSpace(database, setup),
    polyglots: setup.polyglots,
    outbox: createMetadataOutbox(database),
    metadata: createPocketBaseFileMetadata({
      url: setup.pocketbaseUrl ?? url,
      ...identity,
      userIssuer: TEST_ISSUER,
    }),
    inspector: createContentInspector(),
    now,
    newFileId,
    onBackgroundError: (error) => backgroundErrors.push(error),
  }
  return {
    service: createSettlingService(ports),
    ports,
    backgroundErrors,
    actor: { issuer: TEST_ISSUER, subject: studio.userId, scopes: new Set(['files:read', 'files:write']) },
    requestFor: (bytes, change = {}) => ({
      idempotencyKey: crypto.randomUUID(),
      name: 'notes.txt',
      mimeType: 'text/plain',
      size: bytes.length,
      sha256: sha256Of(bytes),
      usage: 'attachment',
      projectId: studio.projectId,
      cardId: studio.cardId,
      ...change,
    }),
    s3: { client, bucket },
    run: (statement) => database.run(statement),
    async listKeys() {
      const listing = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
      return (listing.Contents ?? []).flatMap((object) => object.Key ?? [])
    },
    async countRows() {
      const rows = await database.rows(
        sql`select state as name, count(*) from files group by state
          union all select 'outbox', count(*) from outbox having count(*) > 0`,
        countSchema,
      )
      return Object.fromEntries(rows.map((row) => [row.name, row.count]))
    },
    async makeOutboxDue() {
      await database.run(sql`update outbox set due_at = now() - interval '1 second'`)
    },
    async close() {
      await database.close()
      await opened.close()
      client.destroy()
    },
  }
}
