/** The apps as plain JavaScript, bundled from the sources of this checkout or of a copy of it. */
import { cp } from 'node:fs/promises'
import path from 'node:path'
import { bundleServer } from '@studio/dev/bundle-server'
import { REPOSITORY } from '@studio/dev/repository'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'

export interface BundledApps {
  readonly assetServer: string
  readonly bff: string
  /** The operator's command. */
  readonly assets: string
  dispose(): Promise<void>
}

const MIGRATIONS = 'packages/asset-service/src/adapters/postgres/migrations'

/** They start in a fraction of the time that they take from their sources, which matters when they are killed so often. */
export async function bundleApps(sources: string = REPOSITORY): Promise<BundledApps> {
  const directory = await createTestDirectory('bundles')
  const bundle = async (app: string, entry: string): Promise<string> => {
    const outputDirectory = path.join(directory, app)
    await bundleServer({ entry: path.join(sources, 'apps', app, 'src', entry), outputDirectory })
    return path.join(outputDirectory, entry.replace('.ts', '.js'))
  }
  const [assetServer, bff] = await Promise.all([bundle('asset-server', 'main.ts'), bundle('bff', 'main.ts')])
  const assets = await bundle('asset-server', 'assets-command.ts')
  // They are read from beside the bundle.
  await cp(path.join(sources, MIGRATIONS), path.join(directory, 'asset-server', 'migrations'), {
    recursive: true,
  })
  return { assetServer, bff, assets, dispose: () => removeTestDirectory(directory) }
}
