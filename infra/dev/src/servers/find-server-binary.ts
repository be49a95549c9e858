/** Finds the binary of a server on this machine, or brings it here: looks in each place from the nearest to the dearest. */

import { rename } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { DevError, NoServerError, messageOf } from '../dev-error.ts'
import type { DevEnvironment } from '../env.ts'
import { withFileLock } from '../processes/file-lock.ts'
import { cacheDirectory, ensureWritableCache } from './cache-directory.ts'
import { buildWithGo } from './go-build.ts'
import { fetchReleaseBinary } from './release-archive.ts'
import { isExecutable, searchPath } from './search-path.ts'
import { SERVER_RELEASES, versionFits, type ServerName, type ServerRelease } from './versions.ts'

export interface FindOptions {
  readonly environment: DevEnvironment
  /** Told what takes time. */
  readonly onLine: (line: string) => void
  /** Ends a build or a wait for another process's build early. */
  readonly signal?: AbortSignal
  /** Replaces the folder of the project's release archives, for a mirror. */
  readonly releaseBaseUrl?: string
}

/**
 * The path of an executable server. Throws a {@link NoServerError} naming what to install when there is no way to one,
 * and another {@link DevError} for a setting that is wrong.
 */
export async function findServerBinary(name: ServerName, options: FindOptions): Promise<string> {
  const release = SERVER_RELEASES[name]
  const { environment } = options

  const named = environment[release.environmentVariable]
  if (named !== undefined) {
    if (await isExecutable(named)) return named
    throw new DevError(`${release.environmentVariable} is ${named}, which is no executable file.`)
  }

  const installed = await searchPath(environment.PATH, [name])
  if (installed && (await hasFittingVersion(installed, release))) return installed

  const directory = path.join(
    cacheDirectory(environment),
    name,
    `${release.version}-${process.platform}-${process.arch}`,
  )
  const cached = path.join(directory, name)
  if (await isExecutable(cached)) return cached

  await ensureWritableCache(directory)
  const bringOnce = async () => {
    // Another process may have brought it while this one waited for the lock.
    if (await isExecutable(cached)) return
    const unfinished = `${cached}.${process.pid}.unfinished`
    await bring(release, unfinished, options)
    // Renamed only when complete, so that nobody ever executes half a file.
    await rename(unfinished, cached)
  }
  await withFileLock(path.join(directory, 'lock'), bringOnce, options.signal)
  return cached
}

async function bring(release: ServerRelease, target: string, options: FindOptions): Promise<void> {
  const { environment, onLine } = options
  const archive = release.archive(process.platform, process.arch)
  let why = `${release.title} publishes no archive for ${process.platform} ${process.arch}`
  if (archive) {
    try {
      const baseUrl = options.releaseBaseUrl ?? archive.baseUrl
      await fetchReleaseBinary({ ...archive, baseUrl }, { target, onLine })
      return
    } catch (thrown) {
      why = messageOf(thrown)
    }
  }

  const go = await searchPath(environment.PATH, ['go'])
  if (!go) {
    throw new NoServerError(
      `${release.title} ${release.version} is not on this machine and could not be fetched (${why}). ` +
        'Install Go 1.21 or newer from https://go.dev/dl, so that it can be built from its source; ' +
        `or install ${release.title} ${release.version} itself, and have it on PATH or named by ${release.environmentVariable}.`,
    )
  }
  await buildWithGo(release, { go, target, environment, onLine, signal: options.signal })
}

async function hasFittingVersion(binary: string, release: ServerRelease): Promise<boolean> {
  const { stdout } = await execa(binary, ['--version'], { reject: false, timeout: 5_000, stdin: 'ignore' })
  const found = release.versionPattern.exec(stdout)?.[1]
  return found !== undefined && versionFits(found, release.version)
}
