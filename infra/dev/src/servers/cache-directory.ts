/** Where servers are kept once they were fetched or built: outside the checkout, for all checkouts of this user. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { DevError, systemCodeOf } from '../dev-error.ts'
import type { DevEnvironment } from '../env.ts'

/** The cache folder: STUDIO_CACHE_DIR, or `studio` in the user's cache folder. It need not exist. */
export function cacheDirectory(environment: DevEnvironment): string {
  if (environment.STUDIO_CACHE_DIR) return path.resolve(environment.STUDIO_CACHE_DIR)
  const home = environment.HOME ?? homedir()
  if (environment.XDG_CACHE_HOME) return path.resolve(environment.XDG_CACHE_HOME, 'studio')
  return process.platform === 'darwin'
    ? path.join(home, 'Library', 'Caches', 'studio')
    : path.join(home, '.cache', 'studio')
}

/** Makes the folder and tries to write into it. Throws a {@link DevError} that names the way out. */
export async function ensureWritableCache(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    await rm(await mkdtemp(path.join(directory, '.write-test-')), { recursive: true })
  } catch (thrown) {
    throw new DevError(
      `The cache folder ${directory} cannot be written (${systemCodeOf(thrown) ?? String(thrown)}). ` +
        'Make it writable, or set STUDIO_CACHE_DIR to a folder that is.',
      { cause: thrown },
    )
  }
}
