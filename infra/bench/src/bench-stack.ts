/** Everything that is measured, on servers of its own: Studio without its web app, raw S3, and the legacy way. */

import path from 'node:path'
import { launchOnLeash } from '@studio/dev/testing/restartable-server'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { readTestEnvironment } from '@studio/dev/testing/test-environment'
import { startStack, type Stack } from '@studio/dev/stack/start-stack'
import type { Launcher } from '@studio/dev/processes/launch-process'
import { startLegacyUpload, type LegacyUpload } from './legacy-upload.ts'
import { openRawS3, type RawS3 } from './raw-s3.ts'
import { bundleApps } from './bundled-apps.ts'
import { createStudioPerson, type StudioPerson } from './studio-person.ts'

export interface BenchStack {
  readonly stack: Stack
  readonly raw: RawS3
  readonly legacy: LegacyUpload
  readonly person: StudioPerson
  /** Ends everything and removes its data. */
  dispose(): Promise<void>
}

export interface BenchStackOptions {
  /** Where the apps write their CPU profiles when they end; none otherwise. */
  readonly profileDirectory: string | undefined
  readonly onLine: (line: string) => void
}

/** What stacks that are measured have in common. */
export function benchStackOptions() {
  return {
    environment: readTestEnvironment(),
    apps: ['asset-server', 'bff'] as const,
    requireS3: true,
    durable: true,
  }
}

/** Starts it all. Commits wait for the disk, as they do where it matters. */
export async function startBenchStack(options: BenchStackOptions): Promise<BenchStack> {
  const stateDirectory = await createTestDirectory('bench')
  const undo = [() => removeTestDirectory(stateDirectory)]
  const dispose = async () => {
    for (const step of undo.toReversed()) await step()
  }
  try {
    const bundles = path.join(stateDirectory, 'bundles')
    const launch = await bundleApps(bundles, launcherFor(options.profileDirectory))
    const stack = await startStack({
      ...benchStackOptions(),
      stateDirectory,
      launch,
      onLine: options.onLine,
    })
    undo.push(stack.stop)
    const { objectStore } = stack.servers
    if (objectStore.kind !== 's3') throw new Error('There is no S3 server to compare with')
    const raw = openRawS3(objectStore.s3)
    undo.push(async () => raw.close())
    const legacy = await startLegacyUpload(objectStore.s3)
    undo.push(legacy.dispose)
    return { stack, raw, legacy, person: await createStudioPerson(stack), dispose }
  } catch (thrown) {
    await dispose()
    throw thrown
  }
}

function launcherFor(directory: string | undefined): Launcher {
  if (directory === undefined) return launchOnLeash
  return (options) => {
    if (options.name !== 'bff' && options.name !== 'asset-server') return launchOnLeash(options)
    const profile = ['--cpu-prof', `--cpu-prof-dir=${path.resolve(directory, options.name)}`]
    return launchOnLeash({ ...options, args: [...profile, ...options.args] })
  }
}
