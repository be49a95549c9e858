/** The operator's command, run beside the servers of a stack with the environment of its Asset Service. */
import { assetServerRules, baseProcessEnvironment } from '@studio/dev/env'
import { packageDirectory } from '@studio/dev/repository'
import { appEnvironments } from '@studio/dev/stack/app-environment'
import type { AppPart } from '@studio/dev/stack/service-name'
import type { Stack } from '@studio/dev/stack/start-stack'
import { readTestEnvironment } from '@studio/dev/testing/test-environment'
import { typescriptArguments } from '@studio/dev/typescript-arguments'
import { execa } from 'execa'

/** Throws with what it printed when it fails or finds something wrong. */
export async function runAssetsCommand(stack: Stack, args: readonly string[]): Promise<void> {
  const { urls, servers, secrets, stateDirectory } = stack
  const environment = readTestEnvironment()
  const port = (name: AppPart) => Number(new URL(urls[name]).port)
  const variables = appEnvironments({
    ...servers,
    secrets,
    assetServerRules: assetServerRules(environment),
    ports: { 'asset-server': port('asset-server'), bff: port('bff'), web: port('web') },
    webCacheDirectory: stateDirectory,
  })
  await execa(process.execPath, [...typescriptArguments('src/assets-command.ts'), ...args], {
    cwd: packageDirectory('apps/asset-server'),
    env: { ...baseProcessEnvironment(environment), ...variables['asset-server'] },
    extendEnv: false,
  })
}
