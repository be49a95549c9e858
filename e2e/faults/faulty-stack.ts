/** All of Studio but its pages: real servers, Asset Service replicas and BFF, with a fault possible on every line. */
import path from 'node:path'
import { findFreePort } from '@studio/dev/servers/start-on-port'
import { appEnvironments } from '@studio/dev/stack/app-environment'
import { loadStackSecrets } from '@studio/dev/stack/stack-secrets'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import type { BundledApps } from './bundled-apps.ts'
import { startBundledServer, type BundledServer } from './bundled-server.ts'
import { startBreakingLine, type BreakingLine } from './breaking-line.ts'
import type { BrokenServers } from './broken-servers.ts'
import type { Effects } from './effects.ts'
import { startHttpEffects } from './http-effects.ts'
import { createScene, type Scene } from './scene.ts'

export type ProcessName = 'asset-server' | 'bff' | 'postgres' | 's3' | 'pocketbase'
export const PROCESSES: readonly ProcessName[] = ['asset-server', 'bff', 'postgres', 's3', 'pocketbase']

/** As the processes of the apps see them. */
export interface AppVariables {
  readonly 'asset-server': Readonly<Record<string, string>>
  readonly bff: Readonly<Record<string, string>>
}

export interface FaultyStack {
  readonly servers: BrokenServers
  readonly effects: Effects
  readonly scene: Scene
  readonly apps: BundledApps
  readonly variables: AppVariables
  /** Past every proxy, for checking. */
  readonly databaseUrl: string
  readonly bucket: string
  /** Clients call the BFF here. */
  readonly client: BreakingLine
  /** Between the BFF and the Asset Service. */
  readonly inner: BreakingLine
  readonly replicas: readonly BundledServer[]
  readonly bff: BundledServer
  /** Requests go to this replica; `undefined`: to each in turn. */
  route(replica?: number): void
  kill(name: ProcessName): Promise<void>
  start(name: ProcessName): Promise<void>
  /** Takes every fault away and starts what was killed. */
  mend(): Promise<void>
  dispose(): Promise<void>
}

export interface FaultyStackOptions {
  readonly servers: BrokenServers
  readonly apps: BundledApps
  /** How many Asset Services run; 1 by default. */
  readonly replicas?: number
}

const BUCKET = 'studio'

/** One file of a database's address is its name; the rest leads to the server, or to the line before it. */
function throughLine(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl)
  url.port = String(port)
  return url.href
}

interface Ports {
  readonly bff: number
  readonly replicas: readonly number[]
}

async function describeApps(
  { servers }: FaultyStackOptions,
  options: { directory: string; ports: Ports; databaseUrl: string; bucket: string; innerUrl: string },
): Promise<AppVariables> {
  const { lines, pocketbase, s3 } = servers
  const { ports, bucket } = options
  const variables = appEnvironments({
    databaseUrl: throughLine(options.databaseUrl, lines.postgres.port),
    pocketbase: { ...pocketbase, url: lines.pocketbase.url, publicUrl: pocketbase.url },
    objectStore: {
      kind: 's3',
      s3: { ...s3, endpoint: lines.s3.url, publicEndpoint: lines['s3-public'].url, bucket },
    },
    ports: { 'asset-server': ports.replicas[0] ?? 0, bff: ports.bff, web: 9 },
    secrets: await loadStackSecrets(options.directory),
    assetServerRules: {},
    webCacheDirectory: options.directory,
  })
  return {
    'asset-server': {
      ...variables['asset-server'],
      LOG_LEVEL: 'warn',
      // Nothing settles what a fault left before the test has looked at it.
      HOUSEKEEPING_AFTER_SECONDS: '3600',
    },
    bff: { ...variables.bff, ASSET_SERVICE_URL: options.innerUrl, LOG_LEVEL: 'warn' },
  }
}

/** Starts the apps over servers that run, with a database and a bucket of their own. */
export async function startFaultyStack(options: FaultyStackOptions): Promise<FaultyStack> {
  const { servers, apps } = options
  const { effects, postgres } = servers
  const directory = await createTestDirectory('faults')
  const ports: Ports = {
    bff: await findFreePort(),
    replicas: await Promise.all(Array.from({ length: options.replicas ?? 1 }, () => findFreePort())),
  }
  let turn = 0
  let routed: number | undefined
  const targetPort = () => ports.replicas[routed ?? (turn += 1) % ports.replicas.length] ?? 0
  const balancer = await startHttpEffects({ effects, line: 'asset-service', targetPort })
  const inner = await startBreakingLine(balancer.port)
  const client = await startBreakingLine(ports.bff)
  const databaseUrl = await postgres.createDatabase()
  const bucket = `${BUCKET}-${crypto.randomUUID()}`
  const scene = await createScene(servers.pocketbase)
  const variables = await describeApps(options, {
    directory,
    ports,
    databaseUrl,
    bucket,
    innerUrl: inner.url,
  })

  const startReplica = (port: number) =>
    startBundledServer({
      name: `asset-server-${port}`,
      program: apps.assetServer,
      port,
      env: { ...variables['asset-server'], ASSET_SERVER_PORT: String(port) },
      directory: path.join(directory, 'logs'),
    })
  const [bff, ...replicas] = await Promise.all([
    startBundledServer({
      name: 'bff',
      program: apps.bff,
      port: ports.bff,
      env: variables.bff,
      directory: path.join(directory, 'logs'),
    }),
    ...ports.replicas.map(startReplica),
  ])

  const controls = {
    'asset-server': replicas,
    bff: [bff],
    postgres: [servers.postgres],
    s3: [servers.s3],
    pocketbase: [servers.pocketbase],
  }
  const start = async (name: ProcessName) => {
    await Promise.all(controls[name].map((control) => control.start()))
  }
  return {
    servers,
    effects,
    scene,
    apps,
    variables,
    databaseUrl,
    bucket,
    client,
    inner,
    replicas,
    bff,
    route: (replica) => {
      routed = replica
    },
    kill: async (name) => {
      await Promise.all(controls[name].map((control) => control.kill()))
    },
    start,
    mend: async () => {
      effects.arm()
      for (const line of [client, inner, ...Object.values(servers.lines)]) line.mend()
      // The servers first: an app that starts looks for them.
      await Promise.all([start('postgres'), start('s3'), start('pocketbase')])
      await Promise.all([start('asset-server'), start('bff')])
    },
    dispose: async () => {
      await Promise.all([bff, ...replicas].map((app) => app.stop()))
      await Promise.all([client.close(), inner.close()])
      await balancer.close()
      await removeTestDirectory(directory)
    },
  }
}
