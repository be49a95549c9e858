/** The apps as they are deployed: bundled, without the loader that runs their sources. */

import { cp } from 'node:fs/promises'
import path from 'node:path'
import { bundleServer } from '@studio/dev/bundle-server'
import type { Launcher } from '@studio/dev/processes/launch-process'
import { packageDirectory } from '@studio/dev/repository'
import { readStartOptions } from '@studio/dev/start-options'

const APPS = ['asset-server', 'bff'] as const

/** Bundles them below this folder, and resolves to a launcher that runs the bundles in place of the sources. */
export async function bundleApps(directory: string, launch: Launcher): Promise<Launcher> {
  const argumentsOf = new Map<string, string[]>()
  for (const name of APPS) {
    const outputDirectory = path.join(directory, name)
    const entry = path.join(packageDirectory(`apps/${name}`), 'src/main.ts')
    await bundleServer({ entry, outputDirectory })
    argumentsOf.set(name, [...(await readStartOptions(name)), path.join(outputDirectory, 'main.js')])
  }
  const migrations = packageDirectory('packages/asset-service/src/adapters/postgres/migrations')
  await cp(migrations, path.join(directory, 'asset-server', 'migrations'), { recursive: true })
  return (options) => launch({ ...options, args: argumentsOf.get(options.name) ?? options.args })
}
