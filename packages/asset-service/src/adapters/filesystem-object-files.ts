/**
 * One file for each object: a line of JSON that describes it, then its bytes. Both are renamed into place at once, so that
 * a crash leaves the whole object or none.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'
import type { ListedObject } from '../ports/object-listing.ts'
import type { ByteRange, ObjectHead } from '../ports/object-store.ts'

const headerSchema = z.object({
  key: z.string(),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
/** What the first line of an object's file says. */
export type ObjectHeader = z.infer<typeof headerSchema>

/** An object that was opened: it stays readable when it is replaced or deleted meanwhile. */
export interface OpenedObject extends ObjectHead {
  sha256: string
  /** The bytes of a range that ends within the object; closes it. */
  read(range: ByteRange): Promise<Uint8Array>
  /** The same as a stream, which closes the object at its end or when it is cancelled. */
  stream(range: ByteRange): ReadableStream<Uint8Array>
  close(): Promise<void>
}

/** Every method rejects with `STORE_UNAVAILABLE` when the directory cannot be used. */
export interface ObjectFiles {
  /** Makes the directories, and removes what crashes left unfinished. */
  prepare(): Promise<void>
  ping(): Promise<void>
  /** Rejects with `SIZE_MISMATCH` or `CHECKSUM_MISMATCH` when the chunks are not what the header says; nothing stays then. */
  write(header: ObjectHeader, chunks: AsyncIterable<Uint8Array>): Promise<void>
  open(key: string): Promise<OpenedObject | undefined>
  /** All objects, in no order. */
  list(): Promise<ListedObject[]>
  delete(key: string): Promise<void>
}

/** S3 keys have at most 1,024 bytes ("Object key names", S3 User Guide), which JSON makes six times as long at worst. */
const MAX_HEADER_BYTES = 8 * 1024
const CHUNK_BYTES = 256 * 1024
/** An unfinished file that nobody has written to for so long is nobody's. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000
const OWNER_ONLY_DIRECTORY = 0o700
const OWNER_ONLY_FILE = 0o600
const NEWLINE = 0x0a

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Maps the file system's errors once; ours pass. */
async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof StudioError ? cause : new StudioError('STORE_UNAVAILABLE', { cause })
  }
}

/** A rename or a new name lasts only when the directory is written as well (fsync(2)); Windows cannot be asked to. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeChecked(
  handle: FileHandle,
  header: ObjectHeader,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const line = Buffer.from(`${JSON.stringify(header)}\n`)
  if (line.length > MAX_HEADER_BYTES) throw new RangeError('The key is too long')
  await handle.appendFile(line)
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > header.size) throw new StudioError('SIZE_MISMATCH')
    hash.update(chunk)
    await handle.appendFile(chunk)
  }
  if (size !== header.size) throw new StudioError('SIZE_MISMATCH')
  if (hash.digest('hex') !== header.sha256) throw new StudioError('CHECKSUM_MISMATCH')
}

async function readHeader(handle: FileHandle): Promise<{ header: ObjectHeader; offset: number }> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0)
  const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE)
  const header = headerSchema.parse(JSON.parse(buffer.toString('utf8', 0, Math.max(end, 0))))
  const offset = end + 1
  const { size } = await handle.stat()
  if (size !== offset + header.size)
    throw new RangeError(`The object's file has ${size - offset} bytes of it`)
  return { header, offset }
}

/** Reads until `length` bytes are there: one read may bring fewer. */
async function readFully(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled)
    if (bytesRead === 0) throw new RangeError('The object ended early')
    filled += bytesRead
  }
  return bytes
}

function streamOf(handle: FileHandle, from: number, until: number): ReadableStream<Uint8Array> {
  let position = from
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const length = Math.min(CHUNK_BYTES, until - position)
        if (length > 0) controller.enqueue(await readFully(handle, position, length))
        position += length
      } catch (error) {
        await handle.close()
        throw error
      }
      if (position < until) return
      await handle.close()
      controller.close()
    },
    cancel: () => handle.close(),
  })
}

function openedObject(handle: FileHandle, { size, sha256 }: ObjectHeader, offset: number): OpenedObject {
  return {
    size,
    sha256,
    async read({ start, end }) {
      try {
        return await attempt(() => readFully(handle, offset + start, end + 1 - start))
      } finally {
        await handle.close()
      }
    },
    stream: ({ start, end }) => streamOf(handle, offset + start, offset + end + 1),
    close: () => handle.close(),
  }
}

/** `undefined` when it was deleted meanwhile. */
async function describeFile(file: string): Promise<ListedObject | undefined> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (handle === undefined) return undefined
  try {
    const { header } = await readHeader(handle)
    return { key: header.key, size: header.size, lastModified: (await handle.stat()).mtime }
  } finally {
    await handle.close()
  }
}

/** Keeps objects in a directory of this machine. Only one file system may be under it: files are renamed within. */
export function createObjectFiles(directory: string): ObjectFiles {
  const objects = path.join(directory, 'objects')
  const incoming = path.join(directory, 'incoming')
  // A digest is a safe file name whatever the key is: no key leads out of the directory, is too long, or is another's
  // directory, and none coincide where the file system does not tell upper from lower case.
  const pathOf = (key: string): string => path.join(objects, createHash('sha256').update(key).digest('hex'))

  /** A missing object is an answer, a missing directory is not. */
  async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
    return attempt(async () => {
      try {
        return await work()
      } catch (error) {
        if (!isMissing(error)) throw error
        await stat(objects)
        return undefined
      }
    })
  }

  async function removeAbandoned(): Promise<void> {
    for (const name of await readdir(incoming)) {
      const file = path.join(incoming, name)
      const found = await stat(file).catch(() => undefined)
      if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) await rm(file, { force: true })
    }
  }

  return {
    prepare: () =>
      attempt(async () => {
        for (const made of [objects, incoming])
          await mkdir(made, { recursive: true, mode: OWNER_ONLY_DIRECTORY })
        for (const changed of [directory, path.dirname(directory)]) await syncDirectory(changed)
        await removeAbandoned()
      }),

    ping: () =>
      attempt(async () => {
        await Promise.all([stat(objects), stat(incoming)])
      }),

    write: (header, chunks) =>
      attempt(async () => {
        const unfinished = path.join(incoming, randomUUID())
        const handle = await open(unfinished, 'wx', OWNER_ONLY_FILE)
        try {
          await writeChecked(handle, header, chunks)
          await handle.sync()
          await rename(unfinished, pathOf(header.key))
        } finally {
          await handle.close()
          await rm(unfinished, { force: true })
        }
        await syncDirectory(objects)
      }),

    open: (key) =>
      ifThere(async () => {
        const handle = await open(pathOf(key), 'r')
        try {
          const { header, offset } = await readHeader(handle)
          return openedObject(handle, header, offset)
        } catch (error) {
          await handle.close()
          throw error
        }
      }),

    list: () =>
      attempt(async () => {
        const listed: ListedObject[] = []
        for (const name of await readdir(objects)) {
          const found = await describeFile(path.join(objects, name))
          if (found !== undefined) listed.push(found)
        }
        return listed
      }),

    async delete(key) {
      await ifThere(async () => {
        await rm(pathOf(key))
        await syncDirectory(objects)
      })
    },
  }
}
