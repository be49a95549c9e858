/** `pnpm dev`: starts everything, seeds the demo project, says what runs where, and ends it all together. */

import { parseArgs } from 'node:util'
import { printLine, runCommand } from './command-line.ts'
import { seedDemoProject } from './demo-project.ts'
import { readEnvironment } from './env.ts'
import { describeStack } from './stack/describe-stack.ts'
import { restartOnChange } from './stack/restart-on-change.ts'
import { addressesOf, publishStack } from './stack/stack-file.ts'
import type { Stack } from './stack/start-stack.ts'
import { stateDirectoryOf } from './stack/state-directory.ts'
import { superviseStack } from './stack/supervise-stack.ts'

const HELP = `Starts Studio on this machine: PostgreSQL, S3, PocketBase, the Asset Service, the BFF and the web app.

  --fresh   forget all data, ports and passwords of earlier starts
  --help    this text

Ports may be asked for with WEB_PORT, BFF_PORT, ASSET_SERVER_PORT, POCKETBASE_PORT, POSTGRES_PORT and S3_PORT.
DATABASE_URL, POCKETBASE_URL and S3_ENDPOINT name servers to use in place of the bundled ones.`

async function develop(fresh: boolean, interruption: AbortSignal): Promise<void> {
  const startedAt = Date.now()
  const environment = readEnvironment()
  printLine('Starting Studio …')
  await superviseStack({
    stack: {
      stateDirectory: stateDirectoryOf(environment),
      environment,
      fresh,
      usualWebPort: true,
      onLine: printLine,
    },
    interruption,
    onReady: async (stack, signal) => {
      printLine('Making the demo project …')
      await seedDemoProject({
        addresses: addressesOf(stack),
        superuser: stack.servers.pocketbase.superuser,
        demoPassword: stack.secrets.demoPassword,
        environment,
        signal,
      })
      const withdraw = publishStack(stack)
      const stopWatching = await restartAppsOnChange(stack)
      printLine(describeStack(stack, { seconds: (Date.now() - startedAt) / 1_000 }))
      return async () => {
        stopWatching()
        await withdraw()
      }
    },
    onEnding: () => printLine('\nEnding everything …'),
  })
}

async function restartAppsOnChange(stack: Stack): Promise<() => void> {
  const apps = ['asset-server', 'bff'] as const
  const stops = await Promise.all(
    apps.map((name) =>
      restartOnChange(stack.part(name), {
        sources: [`apps/${name}/src`, 'packages/contracts/src', 'packages/asset-service/src'],
        onLine: printLine,
      }),
    ),
  )
  return () => {
    for (const stop of stops) stop()
  }
}

await runCommand(async (interruption) => {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help) printLine(HELP)
  else await develop(values.fresh ?? false, interruption)
  return 0
})
