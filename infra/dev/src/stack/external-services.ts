/** Services that the environment names: used in place of the bundled servers, one by one. */

import { DevError } from '../dev-error.ts'
import type { DevEnvironment } from '../env.ts'
import type { Credentials } from '../servers/pocketbase-identities.ts'

export interface PocketBaseConnection {
  readonly url: string
  /** What browsers use. */
  readonly publicUrl: string
  readonly superuser: Credentials
  readonly service: Credentials
}

export interface S3Connection {
  readonly endpoint: string
  /** What browsers use. */
  readonly publicEndpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface ExternalServices {
  readonly databaseUrl: string | undefined
  readonly s3: S3Connection | undefined
  readonly pocketbase: PocketBaseConnection | undefined
}

const DEFAULT_REGION = 'us-east-1'
const DEFAULT_BUCKET = 'studio'

/** Reads them. Throws a {@link DevError} naming the variables that are missing beside an address. */
export function readExternalServices(environment: DevEnvironment): ExternalServices {
  const { S3_ENDPOINT, POCKETBASE_URL } = environment
  return {
    databaseUrl: environment.DATABASE_URL,
    s3: S3_ENDPOINT === undefined ? undefined : readS3(environment, S3_ENDPOINT),
    pocketbase: POCKETBASE_URL === undefined ? undefined : readPocketBase(environment, POCKETBASE_URL),
  }
}

/** The region and bucket of the bundled S3 server, or those asked for. */
export function chooseBucket(environment: DevEnvironment): { region: string; bucket: string } {
  return {
    region: environment.S3_REGION ?? DEFAULT_REGION,
    bucket: environment.S3_BUCKET ?? DEFAULT_BUCKET,
  }
}

function readS3(environment: DevEnvironment, endpoint: string): S3Connection {
  const given = requireBeside('S3_ENDPOINT', environment, ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'])
  return {
    endpoint,
    publicEndpoint: environment.S3_PUBLIC_ENDPOINT ?? endpoint,
    ...chooseBucket(environment),
    accessKeyId: given.S3_ACCESS_KEY_ID,
    secretAccessKey: given.S3_SECRET_ACCESS_KEY,
  }
}

function readPocketBase(environment: DevEnvironment, url: string): PocketBaseConnection {
  const given = requireBeside('POCKETBASE_URL', environment, [
    'POCKETBASE_SUPERUSER_EMAIL',
    'POCKETBASE_SUPERUSER_PASSWORD',
    'POCKETBASE_SERVICE_EMAIL',
    'POCKETBASE_SERVICE_PASSWORD',
  ])
  return {
    url,
    publicUrl: environment.POCKETBASE_PUBLIC_URL ?? url,
    superuser: { email: given.POCKETBASE_SUPERUSER_EMAIL, password: given.POCKETBASE_SUPERUSER_PASSWORD },
    service: { email: given.POCKETBASE_SERVICE_EMAIL, password: given.POCKETBASE_SERVICE_PASSWORD },
  }
}

type TextVariable =
  | 'S3_ACCESS_KEY_ID'
  | 'S3_SECRET_ACCESS_KEY'
  | `POCKETBASE_${'SUPERUSER' | 'SERVICE'}_${'EMAIL' | 'PASSWORD'}`

function requireBeside<N extends TextVariable>(
  address: string,
  environment: DevEnvironment,
  names: readonly N[],
): Record<N, string> {
  const missing = names.filter((name) => environment[name] === undefined)
  if (missing.length > 0) {
    throw new DevError(`${address} is set, so these must be set too: ${missing.join(', ')}.`)
  }
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? ''])) as Record<N, string>
}
