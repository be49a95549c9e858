/** Where a file's tile is in the page, for whoever has to lead back to it. */
import type { FileId } from '@studio/contracts/file'

/** The `id` attribute of the tile's link. */
export function tileId(fileId: FileId): string {
  return `file-${fileId}`
}
