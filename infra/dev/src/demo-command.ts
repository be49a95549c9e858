/** `pnpm demo [FILES…]`: runs the demo against the stack that runs, or against one that it starts and ends itself. */

import { runDemo, seedDemoProject, type DemoOptions } from './demo-project.ts'
import { runCommand } from './command-line.ts'
import { readEnvironment } from './env.ts'
import { readExternalServices } from './stack/external-services.ts'
import { findSupervisor } from './stack/process-record.ts'
import { addressesOf, findRunningStack, type StackAddresses } from './stack/stack-file.ts'
import { loadStackSecrets } from './stack/stack-secrets.ts'
import { startStack } from './stack/start-stack.ts'
import { stateDirectoryOf } from './stack/state-directory.ts'
import { waitUntil } from './wait-until.ts'

const OTHER_START_MS = 120_000

async function demonstrateOnStack(signal: AbortSignal): Promise<number> {
  const environment = readEnvironment()
  const stateDirectory = stateDirectoryOf(environment)
  const demonstrate = async (addresses: StackAddresses) => {
    const secrets = await loadStackSecrets(stateDirectory)
    const options: DemoOptions = {
      addresses,
      superuser: readExternalServices(environment).pocketbase?.superuser ?? secrets.superuser,
      demoPassword: secrets.demoPassword,
      environment,
      signal,
    }
    await seedDemoProject(options)
    const args = process.argv.slice(process.argv[2] === '--' ? 3 : 2)
    return runDemo({ ...options, args, directory: environment.INIT_CWD ?? process.cwd() })
  }

  const running = await findStackSoon(stateDirectory, signal)
  if (running) return demonstrate(running)
  // What it says goes beside the demo's own output, which may be read by a program.
  const onLine = (line: string) => process.stderr.write(`${line}\n`)
  onLine('No stack runs: starting one for this demo …')
  const stack = await startStack({
    stateDirectory,
    environment,
    // Nobody opens a page here.
    apps: ['asset-server', 'bff'],
    onLine,
    signal,
  })
  try {
    return await demonstrate(addressesOf(stack))
  } finally {
    await stack.stop()
  }
}

// A `dev` that is still starting is waited for: starting another would end it.
async function findStackSoon(
  stateDirectory: string,
  signal: AbortSignal,
): Promise<StackAddresses | undefined> {
  const answer = await waitUntil(
    async () => {
      const addresses = await findRunningStack(stateDirectory)
      if (addresses) return { addresses }
      return (await findSupervisor(stateDirectory)) ? undefined : { addresses: undefined }
    },
    { what: 'the stack that is starting', deadlineMs: OTHER_START_MS, intervalMs: 250, signal },
  )
  return answer.addresses
}

await runCommand(demonstrateOnStack)
