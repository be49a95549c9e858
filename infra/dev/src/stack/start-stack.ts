/** Starts the whole of Studio on this machine: servers first, then the apps on top of them. */

import path from 'node:path'
import { allOrUndo } from '../all-or-undo.ts'
import { DevError, PortTakenError } from '../dev-error.ts'
import { assetServerRules, baseProcessEnvironment, type DevEnvironment } from '../env.ts'
import { withFileLock } from '../processes/file-lock.ts'
import { launchProcess, type Launcher } from '../processes/launch-process.ts'
import { findFreePort, startOnPort } from '../servers/start-on-port.ts'
import { appEnvironments, appUrl, type AppEnvironments } from './app-environment.ts'
import { endEarlierStack, openProcessRecord, type ProcessRecord } from './process-record.ts'
import { APP_NAMES, SERVER_NAMES, type AppPart, type ServiceName } from './service-name.ts'
import { createStackProcesses, type Crash, type StackPart, type StackProcesses } from './stack-processes.ts'
import { openStackPorts, type StackPorts } from './stack-ports.ts'
import { loadStackSecrets, type StackSecrets } from './stack-secrets.ts'
import { startApp } from './start-app.ts'
import { startServers, type ServerConnections } from './start-servers.ts'
import { emptyStateDirectory, LOCK_FILE, prepareStateDirectory, WEB_CACHE } from './state-directory.ts'

const APP_PORT_TRIES = 3

export interface StackOptions {
  /** Data, logs, secrets and ports; found again at the next start. */
  readonly stateDirectory: string
  readonly environment: DevEnvironment
  /** Forget what the folder holds. */
  readonly fresh?: boolean
  /** Which apps run; all by default. */
  readonly apps?: readonly AppPart[]
  /** Throw where there is no S3 server, in place of keeping files in a folder. */
  readonly requireS3?: boolean
  /** Whether the web app tries Vite's own port first, which people remember. */
  readonly usualWebPort?: boolean
  /** Whether commits wait for the disk; see `startPostgres`. True by default. */
  readonly durable?: boolean
  readonly launch?: Launcher
  readonly onLine?: (line: string) => void
  /** Hears when a process ends that nobody ended. The rest goes on until `stop`. */
  readonly onCrash?: (crash: Crash) => void
  /** Ends what was started, and makes the start throw its reason. */
  readonly signal?: AbortSignal
}

export interface Stack {
  readonly stateDirectory: string
  readonly servers: ServerConnections
  readonly secrets: StackSecrets
  readonly urls: Readonly<Record<AppPart, string>>
  /** What each app was told, secrets and all. */
  readonly environments: AppEnvironments
  /** What runs, in the order of its start; servers that the environment names are not among them. */
  readonly parts: readonly StackPart[]
  /** One of the running parts, by name. Throws when it is not among them. */
  part(name: ServiceName): StackPart
  /** Ends everything, the apps first. Resolves when no process is left. */
  stop(): Promise<void>
}

/** What the phases of a start share. */
interface Start extends Required<Pick<StackOptions, 'stateDirectory' | 'environment' | 'apps' | 'onLine'>> {
  readonly requireS3: boolean
  readonly durable: boolean
  readonly processes: StackProcesses
  readonly ports: StackPorts
  readonly secrets: StackSecrets
  /** Ends everything that was started and is being started. */
  readonly giveUp: AbortController
}

/**
 * Ends the stack that runs in this folder, if one does, and starts another. Resolves when every part is ready. When it
 * throws, everything that it had started is ended.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { stateDirectory, signal } = options
  const record = await takeOver(options)
  const processes = createStackProcesses({
    launch: record.launch,
    onCrash: options.onCrash ?? (() => undefined),
  })
  const stop = async () => {
    await processes.stopAll()
    record.clear()
  }
  const giveUp = new AbortController()
  giveUp.signal.addEventListener('abort', () => void processes.stopAll(), { once: true })
  const onAbort = () => giveUp.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    signal?.throwIfAborted()
    const started = await startParts(options, { processes, giveUp })
    signal?.throwIfAborted()
    const parts = processes.parts()
    return { stateDirectory, ...started, parts, part: (name) => findPart(parts, name), stop }
  } catch (thrown) {
    await stop()
    // What fails while everything is being ended only says that: the reason of the ending says more.
    signal?.throwIfAborted()
    throw thrown
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

async function takeOver(options: StackOptions): Promise<ProcessRecord> {
  const { stateDirectory } = options
  await prepareStateDirectory(stateDirectory)
  const endAndOpen = async () => {
    await endEarlierStack(stateDirectory, options.onLine ?? (() => undefined))
    if (options.fresh) await emptyStateDirectory(stateDirectory)
    return openProcessRecord(stateDirectory, options.launch ?? launchProcess)
  }
  return withFileLock(path.join(stateDirectory, LOCK_FILE), endAndOpen, options.signal)
}

async function startParts(
  options: StackOptions,
  control: { readonly processes: StackProcesses; readonly giveUp: AbortController },
): Promise<Pick<Stack, 'urls' | 'environments' | 'servers' | 'secrets'>> {
  const { stateDirectory, environment } = options
  const apps = options.apps ?? APP_NAMES
  const ports = await openStackPorts(stateDirectory, {
    environment,
    services: [...SERVER_NAMES, ...apps],
    usualWebPort: options.usualWebPort ?? false,
  })
  const secrets = await loadStackSecrets(stateDirectory)
  const start: Start = {
    ...control,
    stateDirectory,
    environment,
    apps,
    onLine: options.onLine ?? (() => undefined),
    requireS3: options.requireS3 ?? false,
    durable: options.durable ?? true,
    ports,
    secrets,
  }
  const servers = await runServers(start)
  const { appPorts, environments } = await runApps(start, servers)
  const serverPorts = control.processes.parts().map(({ name, url }) => [name, Number(new URL(url).port)])
  ports.save({ ...Object.fromEntries(serverPorts), ...appPorts })
  const urls = {
    'asset-server': appUrl(appPorts['asset-server']),
    bff: appUrl(appPorts.bff),
    web: appUrl(appPorts.web),
  }
  return { urls, environments, servers, secrets }
}

function runServers(start: Start): Promise<ServerConnections> {
  const { processes, ports, giveUp } = start
  return startServers({
    ...start,
    launch: processes.launch,
    signal: giveUp.signal,
    giveUp: () => giveUp.abort(),
    run: async (name, startServer) => {
      let port: number | undefined
      // Later starts of this part keep the port that the first one found.
      const startAgain = async () => {
        const server = await startOnPort(
          port === undefined ? ports.choice(name) : { required: port },
          startServer,
        )
        port = server.port
        return server
      }
      return processes.run(name, startAgain)
    },
  })
}

// The apps know each other's addresses, so all their ports are chosen before the first is started; when another process
// takes one of them in between, they are chosen again.
async function runApps(start: Start, servers: ServerConnections) {
  const { secrets } = start
  const webCacheDirectory = path.join(start.stateDirectory, WEB_CACHE)
  for (let attempt = 1; ; attempt += 1) {
    const appPorts = await chooseAppPorts(start.ports, attempt === 1)
    try {
      const environments = appEnvironments({
        ...servers,
        ports: appPorts,
        secrets,
        assetServerRules: assetServerRules(start.environment),
        webCacheDirectory,
      })
      await startApps(start, environments, appPorts)
      return { appPorts, environments }
    } catch (thrown) {
      const mayMove = thrown instanceof PortTakenError && attempt < APP_PORT_TRIES
      if (!mayMove || start.giveUp.signal.aborted) throw thrown
    }
  }
}

async function chooseAppPorts(ports: StackPorts, usePreferred: boolean): Promise<Record<AppPart, number>> {
  const choose = async (name: AppPart) => {
    const { required, preferred } = ports.choice(name)
    return required ?? (await findFreePort(usePreferred ? preferred : undefined))
  }
  return { 'asset-server': await choose('asset-server'), bff: await choose('bff'), web: await choose('web') }
}

async function startApps(
  start: Start,
  environments: AppEnvironments,
  ports: Record<AppPart, number>,
): Promise<void> {
  const { processes, stateDirectory } = start
  const base = baseProcessEnvironment(start.environment)
  const startOne = (name: AppPart) =>
    processes.run(name, () =>
      startApp({
        name,
        port: ports[name],
        env: { ...base, ...environments[name] },
        logFile: path.join(stateDirectory, 'logs', `${name}.log`),
        launch: processes.launch,
      }),
    )
  await allOrUndo(start.apps.map(startOne), processes.stopApps)
}

function findPart(parts: readonly StackPart[], name: ServiceName): StackPart {
  const part = parts.find((candidate) => candidate.name === name)
  if (!part) throw new DevError(`${name} is not run by this stack.`)
  return part
}
