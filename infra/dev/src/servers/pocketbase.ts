/** Starts PocketBase with the project's migrations and hooks, and makes sure that its two identities exist. */

import { access, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { DevError } from '../dev-error.ts'
import { becomeReady } from '../processes/become-ready.ts'
import { packageDirectory } from '../repository.ts'
import { answersWith } from '../wait-until.ts'
import { ensureServiceIdentity, signInAsSuperuser, type Credentials } from './pocketbase-identities.ts'
import type { RunningServer, ServerOptions } from './running-server.ts'

const PROJECT = packageDirectory('infra/pocketbase')
const READY_MS = 20_000

export interface PocketBaseOptions extends ServerOptions {
  readonly binary: string
  readonly superuser: Credentials
  /** The identity of the Asset Service, in the auth collection `services`. */
  readonly service: Credentials
  /** Replace the project's own, in `infra/pocketbase`. */
  readonly migrationsDirectory?: string
  readonly hooksDirectory?: string
}

export interface RunningPocketBase extends RunningServer {
  readonly superuser: Credentials
  readonly service: Credentials
}

/** Starts the server on loopback, applies the migrations, and waits until both identities can sign in. */
export async function startPocketBase(options: PocketBaseOptions): Promise<RunningPocketBase> {
  const { directory, port, superuser, service } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const isNew = await access(path.join(directory, 'data.db')).then(
    () => false,
    () => true,
  )
  // Before the first start: a server without a superuser opens its installer in a browser.
  if (isNew) await upsertSuperuser(options)

  const launched = await options.launch({
    name: 'pocketbase',
    command: options.binary,
    args: [
      'serve',
      '--http',
      `127.0.0.1:${port}`,
      '--automigrate=false',
      '--hooksWatch=false',
      ...sharedFlags(options),
    ],
    cwd: directory,
    env: options.env,
    logFile: options.logFile,
  })
  const url = `http://127.0.0.1:${port}`
  await becomeReady(launched, {
    isReady: () => answersWith(`${url}/api/health`, 200),
    deadlineMs: READY_MS,
    port,
  })
  try {
    const admin =
      (await signInAsSuperuser(url, superuser)) ??
      (await upsertSuperuser(options).then(() => signInAsSuperuser(url, superuser)))
    if (!admin) throw new DevError('PocketBase refuses the superuser that was just made.')
    await ensureServiceIdentity(admin, service)
  } catch (thrown) {
    await launched.stop()
    throw thrown
  }
  return { ...launched, url, port, superuser, service }
}

async function upsertSuperuser(options: PocketBaseOptions): Promise<void> {
  const { email, password } = options.superuser
  const result = await execa(
    options.binary,
    ['superuser', 'upsert', ...sharedFlags(options), '--', email, password],
    { env: options.env, extendEnv: false, reject: false, all: true, stdin: 'ignore' },
  )
  if (result.failed) {
    const lines = result.all.trimEnd().split('\n').slice(-15)
    throw new DevError(
      `PocketBase could not apply its migrations and make its superuser:\n  ${lines.join('\n  ')}`,
    )
  }
}

// `--dev=false`: a binary below a temporary folder takes itself for a development build and logs every statement.
function sharedFlags(options: PocketBaseOptions): string[] {
  return [
    '--dev=false',
    `--dir=${options.directory}`,
    `--migrationsDir=${options.migrationsDirectory ?? path.join(PROJECT, 'pb_migrations')}`,
    `--hooksDir=${options.hooksDirectory ?? path.join(PROJECT, 'pb_hooks')}`,
    `--publicDir=${path.join(options.directory, 'public')}`,
  ]
}
