/** Starts the three servers under the apps, or takes those that the environment names. */

import path from 'node:path'
import { access, mkdir } from 'node:fs/promises'
import { allOrUndo } from '../all-or-undo.ts'
import { NoServerError } from '../dev-error.ts'
import { baseProcessEnvironment, type DevEnvironment } from '../env.ts'
import type { Launcher } from '../processes/launch-process.ts'
import { findServerBinary } from '../servers/find-server-binary.ts'
import { startPocketBase } from '../servers/pocketbase.ts'
import { findPostgres, postgresDataDirectory } from '../servers/postgres-installation.ts'
import { startPostgres } from '../servers/postgres.ts'
import type { RunningServer, ServerOptions } from '../servers/running-server.ts'
import { startVersitygw } from '../servers/versitygw.ts'
import type { ObjectStoreChoice } from './app-environment.ts'
import {
  chooseBucket,
  readExternalServices,
  type ExternalServices,
  type PocketBaseConnection,
} from './external-services.ts'
import type { ServerPart } from './service-name.ts'
import type { StackSecrets } from './stack-secrets.ts'

export interface StartServersOptions {
  readonly stateDirectory: string
  readonly environment: DevEnvironment
  readonly secrets: StackSecrets
  readonly launch: Launcher
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
  /** Ends what was started, because one of them failed. */
  readonly giveUp: () => void
  /** Throw where there is no S3 server, in place of keeping files in a folder. */
  readonly requireS3: boolean
  readonly durable: boolean
  /** Starts a bundled server on the port chosen for it, and keeps it restartable. */
  readonly run: <T extends RunningServer>(name: ServerPart, start: (port: number) => Promise<T>) => Promise<T>
}

export interface ServerConnections {
  readonly databaseUrl: string
  readonly pocketbase: PocketBaseConnection
  readonly objectStore: ObjectStoreChoice
}

/** Starts what is not external, in parallel. */
export async function startServers(options: StartServersOptions): Promise<ServerConnections> {
  const external = readExternalServices(options.environment)
  const [databaseUrl, objectStore, pocketbase] = await allOrUndo(
    [
      external.databaseUrl ?? runPostgres(options),
      chooseObjectStore(options, external),
      external.pocketbase ?? runPocketBase(options),
    ] as const,
    options.giveUp,
  )
  return { databaseUrl, objectStore, pocketbase }
}

async function runPostgres(options: StartServersOptions): Promise<string> {
  const installation = await findPostgres()
  const directory = await postgresDataDirectory({
    stateDirectory: options.stateDirectory,
    key: options.secrets.stateKey,
    user: installation.user,
  })
  const server = await options.run('postgres', (port) =>
    startPostgres({
      ...serverOptions(options, 'postgres', port),
      directory,
      installation,
      password: options.secrets.postgresPassword,
      database: 'studio',
      durable: options.durable,
    }),
  )
  return server.url
}

async function runPocketBase(options: StartServersOptions): Promise<PocketBaseConnection> {
  const binary = await findServerBinary('pocketbase', options)
  const { superuser, service } = options.secrets
  const { url } = await options.run('pocketbase', (port) =>
    startPocketBase({ ...serverOptions(options, 'pocketbase', port), binary, superuser, service }),
  )
  return { url, publicUrl: options.environment.POCKETBASE_PUBLIC_URL ?? url, superuser, service }
}

async function chooseObjectStore(
  options: StartServersOptions,
  external: ExternalServices,
): Promise<ObjectStoreChoice> {
  if (external.s3) return { kind: 's3', s3: external.s3 }
  const directory = path.join(options.stateDirectory, 'filesystem-objects')
  const fallback: ObjectStoreChoice = { kind: 'filesystem', directory }
  if (!options.requireS3 && (await exists(directory))) {
    options.onLine('Files are kept in a folder, as at the last start, not in S3; --fresh tries S3 again.')
    return fallback
  }
  let binary: string
  try {
    binary = await findServerBinary('versitygw', options)
  } catch (thrown) {
    if (options.requireS3 || !(thrown instanceof NoServerError)) throw thrown
    await mkdir(directory, { recursive: true, mode: 0o700 })
    options.onLine(`NO S3 SERVER: files are kept in the folder ${directory} instead. ${thrown.message}`)
    return fallback
  }
  return { kind: 's3', s3: await runS3(options, binary) }
}

async function runS3(options: StartServersOptions, binary: string) {
  const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = options.secrets
  const { region, bucket } = chooseBucket(options.environment)
  const { url } = await options.run('s3', (port) =>
    startVersitygw({ ...serverOptions(options, 's3', port), binary, accessKeyId, secretAccessKey, region }),
  )
  const publicEndpoint = options.environment.S3_PUBLIC_ENDPOINT ?? url
  return { endpoint: url, publicEndpoint, region, bucket, accessKeyId, secretAccessKey }
}

function serverOptions(options: StartServersOptions, name: ServerPart, port: number): ServerOptions {
  return {
    directory: path.join(options.stateDirectory, name),
    port,
    logFile: path.join(options.stateDirectory, 'logs', `${name}.log`),
    launch: options.launch,
    env: baseProcessEnvironment(options.environment),
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
