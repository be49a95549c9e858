/** Ends an upload without a file: first the row, then the object, so that no ready file can lose its bytes. */
import type { FileId } from '@studio/contracts/file'
import { objectKey, segmentPrefix } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import type { EndReason, FileRow } from '../ports/file-registry.ts'

/** Whatever of an upload the store holds: parts first, since assembling them would bring the object back. */
export async function removeBytes(ports: Ports, fileId: FileId): Promise<void> {
  const key = objectKey(fileId)
  await ports.multipart?.abortAll(key)
  await ports.store.delete(key)
  await removeSegments(ports, fileId)
}

/** Those that no registry knows of any more are found as well: a process may have died before it told of them. */
export async function removeSegments({ listing, multipart, store }: Ports, fileId: FileId): Promise<void> {
  // Without parts there is no tus, and listings of such stores are slow.
  if (listing === undefined || multipart === undefined) return
  const keys: string[] = []
  // Deleting while listing would take away the place where the listing goes on.
  for await (const page of listing.objects({ prefix: segmentPrefix(fileId) }))
    keys.push(...page.map(({ key }) => key))
  for (const key of keys) await store.delete(key)
}

/**
 * `false` when the upload was not `uploading` any more; nothing is deleted then. The object is deleted now, and once more
 * before the row is forgotten: a URL that was handed out may bring it back in between.
 */
export async function endUpload(ports: Ports, row: FileRow, reason: EndReason): Promise<boolean> {
  const ended = await ports.registry.expire(row.fileId, reason)
  if (!ended) return false
  try {
    await removeBytes(ports, row.fileId)
  } catch (error) {
    ports.onBackgroundError(error, `deleting what upload ${row.fileId} left`)
  }
  return true
}
