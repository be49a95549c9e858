/** Reads what was dropped: files, and folders with all that is in them. */
import type { FileHandle } from '@studio/upload-client/pending/pending-upload'
import type { QueuedFile } from '@studio/upload-client/queue/queued-file'

/** What systems leave in folders without anybody asking for it. */
const CLUTTER: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

interface DirectoryHandle extends FileSystemHandle {
  values(): AsyncIterable<FileHandle | DirectoryHandle>
}

/** `getAsFileSystemHandle` is Chromium's (File System Access draft, section 3.4). */
type DroppedItem = Omit<DataTransferItem, 'getAsFileSystemHandle'> & {
  getAsFileSystemHandle?: () => Promise<FileHandle | DirectoryHandle | null>
}

/**
 * Files keep the folders they lay in, from the dropped one on, as their `path`. To be called while the drop is handled:
 * afterwards the browser has forgotten what was dropped.
 */
export async function droppedFiles({ items }: DataTransfer): Promise<QueuedFile[]> {
  const dropped = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item: DroppedItem) => ({
      handle: item.getAsFileSystemHandle?.().catch(() => null),
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    }))
  const read = await Promise.all(
    dropped.map(async ({ handle, entry, file }) => {
      const known = await handle
      if (known) return fromHandle(known, '')
      if (entry?.isDirectory === true) return fromEntry(entry, '')
      return file === null ? [] : [{ source: file, name: file.name }]
    }),
  )
  return read.flat()
}

function isDirectory(handle: FileHandle | DirectoryHandle): handle is DirectoryHandle {
  return handle.kind === 'directory'
}

const within = (path: string, name: string) => (path === '' ? name : `${path}/${name}`)

async function fromHandle(handle: FileHandle | DirectoryHandle, path: string): Promise<QueuedFile[]> {
  if (!isDirectory(handle)) return [{ source: await handle.getFile(), name: handle.name, path, handle }]
  const found: QueuedFile[] = []
  for await (const child of handle.values()) {
    if (!CLUTTER.has(child.name)) found.push(...(await fromHandle(child, within(path, handle.name))))
  }
  return found.toSorted(byPath)
}

async function fromEntry(entry: FileSystemEntry, path: string): Promise<QueuedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    return [{ source: file, name: file.name, path }]
  }
  const found: QueuedFile[] = []
  for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) {
    if (!CLUTTER.has(child.name)) found.push(...(await fromEntry(child, within(path, entry.name))))
  }
  return found.toSorted(byPath)
}

/** Browsers answer a hundred at a time, and nothing when there are no more ("File and Directory Entries API", section 7.3). */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader()
  const children: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return children
    children.push(...some)
  }
}

/** As people see them in their folders: 2 before 10. */
function byPath(one: QueuedFile, other: QueuedFile): number {
  return within(one.path ?? '', one.name).localeCompare(within(other.path ?? '', other.name), undefined, {
    numeric: true,
  })
}
