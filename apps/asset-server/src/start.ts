/** Starts an Asset Service: opens its adapters, refuses a store that strangers can read, then listens. */
import { createAssetService } from '@studio/asset-service'
import { createTokenVerifier } from '@studio/asset-service/adapters/jwks-token-verifier'
import { openObjectStore } from '@studio/asset-service/adapters/open-object-store'
import { createPocketBaseFileMetadata } from '@studio/asset-service/adapters/pocketbase-file-metadata'
import { openDatabase, type Database } from '@studio/asset-service/adapters/postgres/database'
import { createExpiredUploads } from '@studio/asset-service/adapters/postgres/expired-uploads'
import { createFileRegistry } from '@studio/asset-service/adapters/postgres/file-registry'
import { createMetadataOutbox } from '@studio/asset-service/adapters/postgres/metadata-outbox'
import { migrateDatabase } from '@studio/asset-service/adapters/postgres/migrate'
import { createContentInspector } from '@studio/asset-service/adapters/signature-content-inspector'
import { newFileId } from '@studio/asset-service/new-file-id'
import type { OpenedObjectStore } from '@studio/asset-service/ports/object-store'
import type { Ports } from '@studio/asset-service/ports/ports'
import { startRecurringWork } from './background.ts'
import type { Env } from './env.ts'
import { createAssetServer } from './server.ts'

const OUTBOX_EVERY_MS = 500
const EXPIRE_EVERY_MS = 60_000

export interface RunningAssetServer {
  url: string
  stop: () => Promise<void>
}

type AdapterPorts = Omit<Ports, 'onBackgroundError'>

export interface StartOptions {
  /** Wraps the ports before the service gets them: how tests kill the process between two effects. */
  wrapPorts?: (ports: AdapterPorts) => AdapterPorts
}

function composePorts(env: Env, opened: OpenedObjectStore, database: Database): AdapterPorts {
  const [firstIssuer] = env.TRUSTED_ISSUERS
  return {
    store: opened.store,
    signer: opened.signer,
    registry: createFileRegistry(database),
    expiredUploads: createExpiredUploads(database),
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

/** Resolves when the server listens. Rejects when the store is public, or when store or database do not answer. */
export async function startAssetServer(env: Env, options: StartOptions = {}): Promise<RunningAssetServer> {
  const opened = await openObjectStore({ kind: env.OBJECT_STORE, settings: env.storeSettings })
  const database = openDatabase({
    url: env.DATABASE_URL,
    maxConnections: env.DATABASE_MAX_CONNECTIONS,
    onIdleError: (error) => onBackgroundError(error, 'keeping a database connection'),
  })
  const ports = composePorts(env, opened, database)
  const service = createAssetService({ ...(options.wrapPorts?.(ports) ?? ports), onBackgroundError })
  const server = createAssetServer({
    service,
    verifier: createTokenVerifier(env.TRUSTED_ISSUERS),
    endpoint: opened.endpoint,
    logLevel: env.LOG_LEVEL,
    checkReady: async () => void (await Promise.all([ports.registry.ping(), ports.store.ping()])),
  })
  function onBackgroundError(error: unknown, doing: string): void {
    server.log.warn({ err: error, doing }, 'will be tried again')
  }

  await opened.store.prepare({ allowedOrigins: env.ALLOWED_ORIGINS })
  await refuseOpenStore(opened)
  await migrateDatabase(database)
  const url = await server.listen({ host: env.ASSET_SERVER_HOST, port: env.ASSET_SERVER_PORT })
  const stopWork = [
    startRecurringWork({
      name: 'delivering records',
      everyMs: OUTBOX_EVERY_MS,
      run: service.deliverDue,
      onError: onBackgroundError,
    }),
    startRecurringWork({
      name: 'expiring uploads',
      everyMs: EXPIRE_EVERY_MS,
      run: service.expireUploads,
      onError: onBackgroundError,
    }),
  ]
  return {
    url,
    stop: async () => {
      await server.close()
      await Promise.all(stopWork.map((stop) => stop()))
      await database.close()
      await opened.close()
    },
  }
}
