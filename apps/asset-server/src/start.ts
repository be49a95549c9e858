/** Starts an Asset Service: opens its adapters, refuses a store that strangers can read, then listens. */
import type { FastifyInstance } from 'fastify'
import { createAssetService, type AssetService } from '@studio/asset-service'
import { createTokenVerifier } from '@studio/asset-service/adapters/jwks-token-verifier'
import { createHttpSource } from '@studio/asset-service/adapters/http-source'
import { openObjectStore } from '@studio/asset-service/adapters/open-object-store'
import { createPocketBaseFileMetadata } from '@studio/asset-service/adapters/pocketbase-file-metadata'
import { openDatabase, type Database } from '@studio/asset-service/adapters/postgres/database'
import { createExpiredUploads } from '@studio/asset-service/adapters/postgres/expired-uploads'
import { createFileLife } from '@studio/asset-service/adapters/postgres/file-life'
import { createFileLedger } from '@studio/asset-service/adapters/postgres/file-ledger'
import { createFileRegistry } from '@studio/asset-service/adapters/postgres/file-registry'
import { createFindings } from '@studio/asset-service/adapters/postgres/findings'
import { createLeadership } from '@studio/asset-service/adapters/postgres/leadership'
import { createMetadataOutbox } from '@studio/asset-service/adapters/postgres/metadata-outbox'
import { migrateDatabase } from '@studio/asset-service/adapters/postgres/migrate'
import { createOperatorDesk } from '@studio/asset-service/adapters/postgres/operator-desk'
import { createProjectSpace } from '@studio/asset-service/adapters/postgres/project-space'
import { createTusUploads } from '@studio/asset-service/adapters/postgres/tus-uploads'
import { createContentInspector } from '@studio/asset-service/adapters/signature-content-inspector'
import { newFileId } from '@studio/asset-service/new-file-id'
import type { OpenedObjectStore } from '@studio/asset-service/ports/object-store'
import type { Ports } from '@studio/asset-service/ports/ports'
import { startRecurringWork } from './background.ts'
import type { Env, ServiceEnv } from './env.ts'
import { housekeepingWorks } from './housekeeping.ts'
import { startLeaderWork } from './leader-work.ts'
import { createAssetServer } from './server.ts'

const OUTBOX_EVERY_MS = 500
/** How long the housekeeping may stand still when its replica dies. */
const LEAD_ASK_EVERY_MS = 2_000

export interface RunningAssetServer {
  url: string
  stop: () => Promise<void>
}

type AdapterPorts = Omit<Ports, 'onBackgroundError'>

export interface StartOptions {
  /** Wraps the ports before the service gets them: how tests kill the process between two effects. */
  wrapPorts?: (ports: AdapterPorts) => AdapterPorts
}

function composePorts(env: ServiceEnv, opened: OpenedObjectStore, database: Database): AdapterPorts {
  const [firstIssuer] = env.TRUSTED_ISSUERS
  const quota = { defaultQuota: env.PROJECT_QUOTA_BYTES }
  return {
    store: opened.store,
    signer: opened.signer,
    multipart: opened.multipart,
    listing: opened.listing,
    registry: createFileRegistry(database, quota),
    expiredUploads: createExpiredUploads(database),
    life: createFileLife(database),
    httpSource: createHttpSource({
      allowedAddresses: env.IMPORT_ALLOWED_ADDRESSES,
      allowedPorts: env.IMPORT_ALLOWED_PORTS,
    }),
    importMaxBytes: env.IMPORT_MAX_BYTES,
    trashRetentionDays: env.TRASH_RETENTION_DAYS,
    tus: createTusUploads(database, quota),
    uploadTransport: env.UPLOAD_TRANSPORT,
    tusStallSeconds: env.TUS_STALL_SECONDS,
    ledger: createFileLedger(database),
    findings: createFindings(database),
    desk: createOperatorDesk(database),
    space: createProjectSpace(database, quota),
    polyglots: env.POLYGLOT_POLICY,
    outbox: createMetadataOutbox(database),
    metadata: createPocketBaseFileMetadata({
      url: env.POCKETBASE_URL,
      email: env.POCKETBASE_SERVICE_EMAIL,
      password: env.POCKETBASE_SERVICE_PASSWORD,
      userIssuer: env.USER_ISSUER ?? firstIssuer?.issuer ?? '',
    }),
    inspector: createContentInspector(),
    now: () => new Date(),
    newFileId,
  }
}

/** P5: rather no service than one whose files anyone can read. */
async function refuseOpenStore(opened: OpenedObjectStore): Promise<void> {
  if (await opened.store.allowsAnonymousAccess()) {
    throw new Error(
      'The object store answers anonymous reads. Make it private; the Asset Service does not start before.',
    )
  }
}

export interface OpenedService {
  service: AssetService
  ports: AdapterPorts
  opened: OpenedObjectStore
  database: Database
  close: () => Promise<void>
}

interface OpenOptions extends StartOptions {
  onBackgroundError: (error: unknown, doing: string) => void
}

/** The service over its adapters, without a server: nothing is asked of store or database yet. */
export async function openAssetService(env: ServiceEnv, options: OpenOptions): Promise<OpenedService> {
  const { onBackgroundError } = options
  const opened = await openObjectStore({ kind: env.OBJECT_STORE, settings: env.storeSettings })
  const database = openDatabase({
    url: env.DATABASE_URL,
    maxConnections: env.DATABASE_MAX_CONNECTIONS,
    onIdleError: (error) => onBackgroundError(error, 'keeping a database connection'),
  })
  const ports = composePorts(env, opened, database)
  return {
    service: createAssetService({ ...(options.wrapPorts?.(ports) ?? ports), onBackgroundError }),
    ports,
    opened,
    database,
    async close() {
      await ports.httpSource.close()
      await database.close()
      await opened.close()
    },
  }
}

/** Outbox deliveries run on every replica, since each entry is leased; the housekeeping on the one that leads. */
function startBackground(
  { service }: OpenedService,
  env: Env,
  { log }: Pick<FastifyInstance, 'log'>,
): () => Promise<void> {
  const onError = (err: unknown, doing: string): void => log.warn({ err, doing }, 'will be tried again')
  const ends = [
    startRecurringWork({
      name: 'delivering records',
      everyMs: OUTBOX_EVERY_MS,
      run: () => service.deliverDue(),
      onError,
    }),
    startLeaderWork({
      leadership: createLeadership({ url: env.DATABASE_URL }),
      works: housekeepingWorks({
        service,
        env,
        onError,
        onReport: (report, done) => log.info({ report }, done),
      }),
      askEveryMs: LEAD_ASK_EVERY_MS,
      onError,
    }),
  ]
  return async () => void (await Promise.all(ends.map((end) => end())))
}

/** Resolves when the server listens. Rejects when the store is public, or when store or database do not answer. */
export async function startAssetServer(env: Env, options: StartOptions = {}): Promise<RunningAssetServer> {
  const service = await openAssetService(env, {
    ...options,
    onBackgroundError: (err, doing) => server.log.warn({ err, doing }, 'will be tried again'),
  })
  const { ports, opened, database } = service
  const server = createAssetServer({
    service: service.service,
    verifier: createTokenVerifier(env.TRUSTED_ISSUERS),
    endpoint: opened.endpoint,
    logLevel: env.LOG_LEVEL,
    allowedOrigins: env.ALLOWED_ORIGINS,
    checkReady: async () => void (await Promise.all([ports.registry.ping(), ports.store.ping()])),
  })

  await opened.store.prepare({ allowedOrigins: env.ALLOWED_ORIGINS })
  await refuseOpenStore(opened)
  await migrateDatabase(database)
  const url = await server.listen({ host: env.ASSET_SERVER_HOST, port: env.ASSET_SERVER_PORT })
  const stopBackground = startBackground(service, env, server)
  return {
    url,
    stop: async () => {
      await server.close()
      await Promise.all([stopBackground(), service.service.deliveriesSettled()])
      await service.close()
    },
  }
}
