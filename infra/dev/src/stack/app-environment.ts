/** What each app is told through its environment: addresses, and of the secrets only its own. */

import type { PocketBaseConnection, S3Connection } from './external-services.ts'
import type { AppPart } from './service-name.ts'
import type { StackSecrets } from './stack-secrets.ts'

/** Where the Asset Service keeps bytes. */
export type ObjectStoreChoice =
  | { readonly kind: 's3'; readonly s3: S3Connection }
  | { readonly kind: 'filesystem'; readonly directory: string }

export interface StackFacts {
  readonly databaseUrl: string
  readonly pocketbase: PocketBaseConnection
  readonly objectStore: ObjectStoreChoice
  readonly ports: Readonly<Record<AppPart, number>>
  readonly secrets: StackSecrets
  /** Variables of the Asset Service that whoever starts the stack has set. */
  readonly assetServerRules: Readonly<Record<string, string>>
  /** Vite's cache: two servers of one checkout must not share it. */
  readonly webCacheDirectory: string
}

export type AppEnvironments = Readonly<Record<AppPart, Readonly<Record<string, string>>>>

const HOST = '127.0.0.1'

/** The address of an app on this machine. */
export function appUrl(port: number): string {
  return `http://${HOST}:${port}`
}

/** The variables of each app, as its own `env.ts` reads them. */
export function appEnvironments(facts: StackFacts): AppEnvironments {
  const { ports, pocketbase, secrets } = facts
  const bffUrl = appUrl(ports.bff)
  const assetServerUrl = appUrl(ports['asset-server'])
  // People type either name, and to a browser these are two origins.
  const allowedOrigins = `${appUrl(ports.web)},http://localhost:${ports.web}`
  return {
    'asset-server': {
      ASSET_SERVER_HOST: HOST,
      ASSET_SERVER_PORT: String(ports['asset-server']),
      ASSET_SERVER_PUBLIC_URL: assetServerUrl,
      DATABASE_URL: facts.databaseUrl,
      POCKETBASE_URL: pocketbase.url,
      POCKETBASE_SERVICE_EMAIL: pocketbase.service.email,
      POCKETBASE_SERVICE_PASSWORD: pocketbase.service.password,
      TRUSTED_ISSUERS: JSON.stringify([{ issuer: bffUrl, jwksUrl: `${bffUrl}/.well-known/jwks.json` }]),
      ALLOWED_ORIGINS: allowedOrigins,
      ...facts.assetServerRules,
      ...objectStoreEnvironment(facts, assetServerUrl),
    },
    bff: {
      BFF_HOST: HOST,
      BFF_PORT: String(ports.bff),
      BFF_PUBLIC_URL: bffUrl,
      BFF_SIGNING_KEY_FILE: secrets.bffSigningKeyFile,
      ASSET_SERVICE_URL: assetServerUrl,
      POCKETBASE_URL: pocketbase.url,
      POCKETBASE_PUBLIC_URL: pocketbase.publicUrl,
      ALLOWED_ORIGINS: allowedOrigins,
    },
    web: {
      WEB_HOST: HOST,
      WEB_PORT: String(ports.web),
      WEB_CACHE_DIR: facts.webCacheDirectory,
      BFF_URL: bffUrl,
    },
  }
}

function objectStoreEnvironment(facts: StackFacts, assetServerUrl: string): Record<string, string> {
  if (facts.objectStore.kind === 'filesystem') {
    return {
      OBJECT_STORE: 'filesystem',
      FILESYSTEM_DIRECTORY: facts.objectStore.directory,
      FILESYSTEM_SIGNING_SECRET: facts.secrets.filesystemSigningSecret,
      FILESYSTEM_PUBLIC_URL: assetServerUrl,
    }
  }
  const { s3 } = facts.objectStore
  return {
    OBJECT_STORE: 's3',
    S3_ENDPOINT: s3.endpoint,
    S3_PUBLIC_ENDPOINT: s3.publicEndpoint,
    S3_REGION: s3.region,
    S3_BUCKET: s3.bucket,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  }
}
