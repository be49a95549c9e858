/** The folder that holds everything a stack remembers: data, logs, ports, secrets. */

import { access, chmod, constants, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { DevError, systemCodeOf } from '../dev-error.ts'
import type { DevEnvironment } from '../env.ts'
import { REPOSITORY } from '../repository.ts'
import { removeSharedPlace } from '../servers/postgres-installation.ts'
import { SERVER_NAMES } from './service-name.ts'

/** The file of the lock under which one start takes over from another. */
export const LOCK_FILE = 'lock'

/** The state folder of this checkout, or the one that STUDIO_STATE_DIR names. */
export function stateDirectoryOf(environment: DevEnvironment): string {
  return path.resolve(REPOSITORY, environment.STUDIO_STATE_DIR ?? '.studio')
}

/** Makes the folder, for its owner alone; root lets PostgreSQL's unprivileged user pass through. */
export async function prepareStateDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.W_OK)
    await chmod(directory, process.getuid?.() === 0 ? 0o711 : 0o700)
  } catch (thrown) {
    throw new DevError(
      `The state folder ${directory} cannot be used (${systemCodeOf(thrown) ?? String(thrown)}). ` +
        'If another user made it, have it removed; or set STUDIO_STATE_DIR to a folder of your own.',
      { cause: thrown },
    )
  }
}

/** Folder of the web app's development server. */
export const WEB_CACHE = 'vite'

// By name: the folder may be one that STUDIO_STATE_DIR names, and hold what is not ours.
const FILES = [
  'asset-server.json',
  'bff-signing-key.json',
  'ports.json',
  'processes.json',
  'secrets.json',
  'stack.json',
]
const FOLDERS = [...SERVER_NAMES, 'filesystem-objects', 'logs', WEB_CACHE]

/** Forgets everything that a stack keeps in this folder. */
export async function emptyStateDirectory(directory: string): Promise<void> {
  for (const name of [...FOLDERS, ...FILES]) {
    await rm(path.join(directory, name), { recursive: true, force: true, maxRetries: 3 })
  }
  await removeSharedPlace(directory)
}
