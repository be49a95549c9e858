/** Brings a server from its project's official release archive, checked against the published checksums. */

import { createHash } from 'node:crypto'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { unzipSync } from 'fflate'
import { DevError } from '../dev-error.ts'
import type { ReleaseArchive } from './versions.ts'

// The first, small request decides whether the archive can be reached: a machine without internet moves on at once.
const FIRST_ANSWER_MS = 3_000
const DOWNLOAD_MS = 300_000

export interface FetchOptions {
  /** Where the executable goes; written only when everything was checked. */
  readonly target: string
  readonly onLine: (line: string) => void
}

/** Downloads, checks and unpacks. Throws when the archive cannot be reached or is not what its checksum says. */
export async function fetchReleaseBinary(archive: ReleaseArchive, options: FetchOptions): Promise<void> {
  const checksums = await download(`${archive.baseUrl}/checksums.txt`, FIRST_ANSWER_MS)
  const expected = findChecksum(checksums.toString('utf8'), archive.file)
  options.onLine(`Downloading ${archive.file} …`)
  const bytes = await download(`${archive.baseUrl}/${archive.file}`, DOWNLOAD_MS)
  const actual = createHash('sha256').update(bytes).digest('hex')
  if (actual !== expected) {
    throw new DevError(`${archive.file} has SHA-256 ${actual}, but its project published ${expected}`)
  }
  if (archive.kind === 'zip') await unpackZip(bytes, archive.member, options.target)
  else await unpackTar(bytes, archive.member, options.target)
}

async function download(url: string, deadlineMs: number): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) }).catch((thrown: unknown) => {
    throw new DevError(`${url} cannot be reached`, { cause: thrown })
  })
  if (!response.ok) throw new DevError(`${url} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

// The format of sha256sum(1): a digest, blanks, a file name that may carry the mark of binary mode.
function findChecksum(checksums: string, file: string): string {
  for (const line of checksums.split('\n')) {
    const [, digest, name] = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/i.exec(line) ?? []
    if (name === file && digest) return digest.toLowerCase()
  }
  throw new DevError(`checksums.txt does not name ${file}`)
}

async function unpackZip(bytes: Buffer, member: string, target: string): Promise<void> {
  const content = unzipSync(bytes, { filter: (file) => file.name === member })[member]
  if (!content) throw new DevError(`the archive holds no ${member}`)
  await writeFile(target, content, { mode: 0o755 })
}

// Every system that these archives are for has tar(1).
async function unpackTar(bytes: Buffer, member: string, target: string): Promise<void> {
  const folder = await mkdtemp(`${target}-unpacked-`)
  try {
    await execa('tar', ['-xzf', '-', '-C', folder, member], { input: bytes })
    await rename(path.join(folder, member), target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
