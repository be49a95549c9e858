/** The only place where an object's key is composed. */
import type { FileId } from '@studio/contracts/file'

/** Spreads listings: two characters of a random id make 1,296 prefixes of even size. */
const SHARD_LENGTH = 2

/**
 * The key of a file's bytes. It comes from the id alone (docs/promises.md), and everything that is later derived from
 * the file can stand beside it under the same prefix, which ends with a slash so that it matches no neighbour.
 */
export function objectKey(fileId: FileId): string {
  return `files/${fileId.slice(0, SHARD_LENGTH)}/${fileId}/original`
}
