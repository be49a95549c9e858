/** Lists the objects of a directory. It reads each one's header and sorts them, which is fine for a development machine. */
import type { ListedObject, ObjectListing } from '../ports/object-listing.ts'
import type { ObjectFiles } from './filesystem-object-files.ts'

const PAGE_SIZE = 1000

/** Bytewise, as S3 sorts; `<` would compare UTF-16 units. */
function byKey(a: ListedObject, b: ListedObject): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))
}

/** A directory has no multipart uploads. */
export function createFilesystemListing(files: Pick<ObjectFiles, 'list'>): ObjectListing {
  return {
    async *objects({ prefix, pageSize = PAGE_SIZE }) {
      const found = (await files.list()).filter(({ key }) => key.startsWith(prefix)).sort(byKey)
      for (let start = 0; start < found.length; start += pageSize) yield found.slice(start, start + pageSize)
    },
    async *multiparts() {},
  }
}
