/** The demo people and their project: what the programs in `apps/demo` are told, and how they are run. */

import path from 'node:path'
import { execa } from 'execa'
import { DevError } from './dev-error.ts'
import { baseProcessEnvironment, type DevEnvironment } from './env.ts'
import { packageDirectory } from './repository.ts'
import type { Credentials } from './servers/pocketbase-identities.ts'
import type { StackAddresses } from './stack/stack-file.ts'
import { typescriptArguments } from './typescript-arguments.ts'

/** Two people, so that one can watch the other. They share a password. */
export const DEMO_PEOPLE = ['ada@studio.test', 'grace@studio.test'] as const

export interface DemoOptions {
  readonly addresses: StackAddresses
  readonly superuser: Credentials
  readonly demoPassword: string
  readonly environment: DevEnvironment
  readonly signal: AbortSignal
}

/** Makes the demo people and their project where they are missing. */
export async function seedDemoProject(options: DemoOptions): Promise<void> {
  const result = await execa(process.execPath, typescriptArguments('src/seed-command.ts'), {
    cwd: packageDirectory('apps/demo'),
    env: demoEnvironment(options),
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
    cancelSignal: options.signal,
  })
  options.signal.throwIfAborted()
  if (!result.failed) return
  const lines = result.all.trimEnd().split('\n').slice(-30)
  throw new DevError(`The demo project could not be made:\n  ${lines.join('\n  ')}`)
}

/** Runs the demo in the terminal; answers its exit code. File names are found from the folder it is run in. */
export async function runDemo(
  options: DemoOptions & { readonly args: readonly string[]; readonly directory: string },
): Promise<number> {
  const program = path.join(packageDirectory('apps/demo'), 'src', 'main.ts')
  const result = await execa(process.execPath, [...typescriptArguments(program), ...options.args], {
    cwd: options.directory,
    env: demoEnvironment(options),
    extendEnv: false,
    reject: false,
    stdio: 'inherit',
    cancelSignal: options.signal,
  })
  options.signal.throwIfAborted()
  return result.exitCode ?? 1
}

function demoEnvironment(options: DemoOptions): Record<string, string> {
  const { addresses, superuser } = options
  return {
    ...baseProcessEnvironment(options.environment),
    BFF_URL: addresses.bffUrl,
    POCKETBASE_URL: addresses.pocketbaseUrl,
    POCKETBASE_SUPERUSER_EMAIL: superuser.email,
    POCKETBASE_SUPERUSER_PASSWORD: superuser.password,
    DEMO_PASSWORD: options.demoPassword,
    ...(addresses.objectStoreUrl ? { OBJECT_STORE_PROBE_URL: addresses.objectStoreUrl } : {}),
  }
}
