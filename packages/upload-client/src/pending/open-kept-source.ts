/** Finds the file of an upload that was kept, and makes sure that it is still the same file. */
import { fingerprintOf } from '../fingerprint.ts'
import type { FileHandle, PendingUpload } from './pending-upload.ts'

export type OpenedSource =
  | { state: 'open'; source: Blob }
  /** The browser asks the person first, which it does only after a click. */
  | { state: 'permission' }
  /** Nothing was kept of it, or what was kept is gone. */
  | { state: 'gone' }
  /** There is a file, but its content is another by now. */
  | { state: 'changed' }

export interface OpenKeptSourceOptions {
  /** May the person be asked? Only while a click of theirs is being handled. */
  ask: boolean
}

/** Never rejects. */
export async function openKeptSource(
  { source, fingerprint }: Pick<PendingUpload, 'source' | 'fingerprint'>,
  { ask }: OpenKeptSourceOptions,
): Promise<OpenedSource> {
  if (source.kind === 'none') return { state: 'gone' }
  if (source.kind === 'bytes') return { state: 'open', source: source.bytes }
  try {
    if (!(await isPermitted(source.handle, ask))) return { state: 'permission' }
    const file = await source.handle.getFile()
    const isSame = fingerprint === null || (await fingerprintOf(file)) === fingerprint
    return isSame ? { state: 'open', source: file } : { state: 'changed' }
  } catch {
    // Moved, deleted, or on a drive that is not connected.
    return { state: 'gone' }
  }
}

async function isPermitted(handle: FileHandle, ask: boolean): Promise<boolean> {
  const descriptor = { mode: 'read' } as const
  const known = (await handle.queryPermission?.(descriptor)) ?? 'granted'
  if (known !== 'prompt' || !ask) return known === 'granted'
  return (await handle.requestPermission?.(descriptor)) === 'granted'
}
