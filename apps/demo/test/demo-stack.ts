/** A real stack for the two programs, and how to run them against it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { addressesOf } from '@studio/dev/stack/stack-file'
import { startTestStack, type TestStack } from '@studio/dev/testing/test-stack'

const PACKAGE = join(import.meta.dirname, '..')

export interface ProgramEnd {
  exitCode: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  args?: readonly string[]
  environment?: Record<string, string>
}

export interface DemoStack {
  stack: TestStack
  pocketbaseUrl: string
  password: string
  runDemo: (options?: RunOptions) => Promise<ProgramEnd>
  runSeed: (options?: RunOptions) => Promise<ProgramEnd>
}

/** Servers and apps without the web app, which the demo has no use for. */
export async function startDemoStack(): Promise<DemoStack> {
  const stack = await startTestStack({ apps: ['asset-server', 'bff'] })
  const { bffUrl, pocketbaseUrl, objectStoreUrl = '' } = addressesOf(stack)
  const password = stack.secrets.demoPassword
  const environment = {
    BFF_URL: bffUrl,
    POCKETBASE_URL: pocketbaseUrl,
    POCKETBASE_SUPERUSER_EMAIL: stack.secrets.superuser.email,
    POCKETBASE_SUPERUSER_PASSWORD: stack.secrets.superuser.password,
    DEMO_PASSWORD: password,
    OBJECT_STORE_PROBE_URL: objectStoreUrl,
  }
  const runner =
    (program: string) =>
    ({ args = [], environment: changes = {} }: RunOptions = {}) =>
      run(program, args, { ...environment, ...changes })
  return {
    stack,
    password,
    pocketbaseUrl,
    runDemo: runner('src/main.ts'),
    runSeed: runner('src/seed-command.ts'),
  }
}

/** Runs one of this package's programs as a process with this environment and no other. */
export function run(
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const argv = ['--import', 'tsx', join(PACKAGE, program), ...args]
    const child = execFile(
      process.execPath,
      argv,
      { cwd: PACKAGE, env: environment, maxBuffer: 16 * 1024 * 1024 },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}
