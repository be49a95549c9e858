/** The only place where an object's key is composed, and read back. */
import { fileIdSchema, type FileId } from '@studio/contracts/file'

/** Everything of ours begins so; the slash at its end keeps neighbours out. */
export const FILES_PREFIX = 'files/'

/** Spreads listings: two characters of a random id make 1,296 prefixes of even size. */
const SHARD_LENGTH = 2

/**
 * The key of a file's bytes. It comes from the id alone (docs/promises.md), and everything that is later derived from
 * the file can stand beside it under the same prefix, which ends with a slash so that it matches no neighbour.
 * Keys sort like their ids, which reconciliation counts on.
 */
export function objectKey(fileId: FileId): string {
  return `${FILES_PREFIX}${fileId.slice(0, SHARD_LENGTH)}/${fileId}/original`
}

/** Below it lie a file's pieces that are too small for a part of their own, while it is uploaded by tus. */
export function segmentPrefix(fileId: FileId): string {
  return `${FILES_PREFIX}${fileId.slice(0, SHARD_LENGTH)}/${fileId}/segment-`
}

/** The key of one such piece: where it begins, and the request that brought it, so that none is ever written twice. */
export function segmentKey(fileId: FileId, { start, token }: { start: number; token: number }): string {
  return `${segmentPrefix(fileId)}${start}-${token}`
}

/** The file that a piece with this key belongs to; `undefined` for every key that `segmentKey` does not make. */
export function fileIdOfSegment(key: string): FileId | undefined {
  const parsed = fileIdSchema.safeParse(key.split('/')[2])
  if (!parsed.success || !key.startsWith(segmentPrefix(parsed.data))) return undefined
  return /^\d+-\d+$/.test(key.slice(segmentPrefix(parsed.data).length)) ? parsed.data : undefined
}

/** The file whose bytes have exactly this key; `undefined` for every key that `objectKey` does not make. */
export function fileIdOfKey(key: string): FileId | undefined {
  const parsed = fileIdSchema.safeParse(key.split('/')[2])
  return parsed.success && objectKey(parsed.data) === key ? parsed.data : undefined
}
