/** A copy of the apps' sources that can be changed: its packages import each other, and everything else from where it is installed. */
import { cp, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises'
import path from 'node:path'
import { REPOSITORY } from '@studio/dev/repository'

const COPIED = ['apps/asset-server', 'apps/bff', 'packages', 'tsconfig.base.json']

/** Installed packages of a scope lie in a folder of that name. */
async function installedIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter(({ name }) => !name.startsWith('.')).map(({ name }) => name)
  const nested = names.map(async (name) => {
    if (!name.startsWith('@')) return [name]
    return (await readdir(path.join(directory, name))).map((inner) => path.join(name, inner))
  })
  return (await Promise.all(nested)).flat()
}

/** Links to packages of this repository lead into the copy; links to all others to the place that they really are at. */
async function linkInstalled(from: string, to: string, copy: string): Promise<void> {
  for (const name of await installedIn(from)) {
    const link = path.join(from, name)
    await mkdir(path.dirname(path.join(to, name)), { recursive: true })
    const target = path.relative(REPOSITORY, path.resolve(path.dirname(link), await readlink(link)))
    const isOurs = target.startsWith('packages') || target.startsWith('apps')
    await symlink(isOurs ? path.join(copy, target) : await realpath(link), path.join(to, name))
  }
}

/** Copies into an empty folder, and resolves when apps can be bundled from there. */
export async function copySources(copy: string): Promise<void> {
  for (const directory of COPIED) {
    await cp(path.join(REPOSITORY, directory), path.join(copy, directory), {
      recursive: true,
      filter: (source) => !['node_modules', 'dist'].includes(path.basename(source)),
    })
  }
  const packages = (await readdir(path.join(REPOSITORY, 'packages'))).map((name) => `packages/${name}`)
  for (const directory of [...packages, 'apps/asset-server', 'apps/bff']) {
    const installed = path.join(REPOSITORY, directory, 'node_modules')
    await linkInstalled(installed, path.join(copy, directory, 'node_modules'), copy)
  }
}
