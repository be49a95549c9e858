/** Temporary folders for test servers. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Makes an empty folder; as root, one that PostgreSQL's unprivileged user may pass through. */
export async function createTestDirectory(name: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), `studio-test-${name}-`))
  if (process.getuid?.() === 0) await chmod(directory, 0o711)
  return directory
}

/** Removes the folder with everything in it. */
export async function removeTestDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}
