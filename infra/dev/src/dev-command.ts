/** `pnpm dev`: starts everything, seeds the demo project, says what runs where, and ends it all together. */

import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Interrupted, printLine, runCommand } from './command-line.ts'
import { seedDemoProject } from './demo-project.ts'
import { DevError } from './dev-error.ts'
import { readEnvironment } from './env.ts'
import { describeExit, describeLog } from './processes/become-ready.ts'
import { describeStack } from './stack/describe-stack.ts'
import { restartOnChange } from './stack/restart-on-change.ts'
import { addressesOf, publishStack } from './stack/stack-file.ts'
import type { Crash } from './stack/stack-processes.ts'
import { startStack, type Stack } from './stack/start-stack.ts'
import { stateDirectoryOf } from './stack/state-directory.ts'

const HELP = `Starts Studio on this machine: PostgreSQL, S3, PocketBase, the Asset Service, the BFF and the web app.

  --fresh   forget all data, ports and passwords of earlier starts
  --help    this text

Ports may be asked for with WEB_PORT, BFF_PORT, ASSET_SERVER_PORT, POCKETBASE_PORT, POSTGRES_PORT and S3_PORT.
DATABASE_URL, POCKETBASE_URL and S3_ENDPOINT name servers to use in place of the bundled ones.`

async function develop(fresh: boolean, interruption: AbortSignal): Promise<number> {
  const startedAt = Date.now()
  const environment = readEnvironment()
  const crash = new AbortController()
  const signal = AbortSignal.any([interruption, crash.signal])
  const stack = await startStack({
    stateDirectory: stateDirectoryOf(environment),
    environment,
    fresh,
    usualWebPort: true,
    onLine: printLine,
    onCrash: (found) => void describeCrash(found).then((error) => crash.abort(error)),
    signal,
  })
  const undo: (() => Promise<void> | void)[] = [stack.stop]
  try {
    printLine('Making the demo project …')
    await seedDemoProject({
      addresses: addressesOf(stack),
      superuser: stack.servers.pocketbase.superuser,
      demoPassword: stack.secrets.demoPassword,
      environment,
      signal,
    })
    undo.push(await publishStack(stack), await restartAppsOnChange(stack))
    printLine(describeStack(stack, { seconds: (Date.now() - startedAt) / 1_000 }))
    if (!signal.aborted) await once(signal, 'abort')
    printLine('\nEnding everything …')
  } finally {
    for (const step of undo.toReversed()) await step()
  }
  // Ctrl-C is how this command is meant to end.
  if (signal.reason instanceof Interrupted) return 0
  throw signal.reason
}

async function restartAppsOnChange(stack: Stack): Promise<() => void> {
  const services = ['asset-server', 'bff'] as const
  const stops = await Promise.all(
    services.map((name) =>
      restartOnChange(stack.part(name), {
        sources: [`apps/${name}/src`, 'packages/contracts/src', 'packages/asset-service/src'],
        onLine: printLine,
      }),
    ),
  )
  return () => stops.forEach((stop) => stop())
}

async function describeCrash(crash: Crash): Promise<DevError> {
  const { process, exit } = crash
  return new DevError(
    `${process.name} ended although nobody ended it (${describeExit(exit)}), so everything was ended.\n` +
      (await describeLog(process)),
  )
}

await runCommand(async (interruption) => {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help) {
    printLine(HELP)
    return 0
  }
  return develop(values.fresh ?? false, interruption)
})
