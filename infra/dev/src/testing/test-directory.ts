/** Temporary folders for test servers. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { canReach } from '../servers/postgres-installation.ts'

// A number that owns nothing: it has the rights of everyone.
const ANYONE = { uid: 64_999, gid: 64_999 }

/** Makes an empty folder; as root, one that PostgreSQL's unprivileged user may pass through. */
export async function createTestDirectory(name: string): Promise<string> {
  const isRoot = process.getuid?.() === 0
  const parent = isRoot && !(await canReach(tmpdir(), ANYONE)) ? '/var/tmp' : tmpdir()
  const directory = await mkdtemp(path.join(parent, `studio-test-${name}-`))
  if (isRoot) await chmod(directory, 0o711)
  return directory
}

/** Removes the folder with everything in it. */
export async function removeTestDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}
