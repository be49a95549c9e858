/** Makes short-lived read URLs for files that the caller has already been allowed to see. */
import type { Actor } from '@studio/contracts/actor'
import type { ResolvedUrl, ResolvedUrls, ResolveUrls, UrlRequest } from '@studio/contracts/delivery'
import { READ_URL_SECONDS } from '@studio/contracts/limits'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import type { FileRow } from '../ports/file-registry.ts'
import { contentDisposition } from './content-disposition.ts'

/** A file's content never changes, so whoever holds it may keep it; but it is private, so only for themselves. */
const CACHE_CONTROL = 'private, max-age=31536000, immutable'

function signRow(ports: Ports, row: FileRow, item: UrlRequest): ResolvedUrl {
  const { fileId, request } = row
  const mimeType = row.observed?.mimeType ?? request.mimeType
  // What is two things at once is never shown inside a page.
  const disposition = row.observed?.secondType === undefined ? item.disposition : 'attachment'
  const { url, expiresAt } = ports.signer.signGet({
    key: objectKey(fileId),
    expiresInSeconds: READ_URL_SECONDS,
    mimeType,
    contentDisposition: contentDisposition({ name: request.name, mimeType }, disposition),
    cacheControl: CACHE_CONTROL,
  })
  return { status: 'ok', fileId, url, expiresAt: expiresAt.toISOString() }
}

/** One answer an item, in the order asked for; a file that is not ready is `FILE_NOT_FOUND` like one that never was. */
export async function resolveUrls(ports: Ports, actor: Actor, request: ResolveUrls): Promise<ResolvedUrls> {
  const ids = [...new Set(request.items.map((item) => item.fileId))]
  const rows = await ports.registry.findReadable(ids, actor)
  const rowById = new Map(rows.map((row) => [row.fileId, row]))
  const items = request.items.map((item): ResolvedUrl => {
    const row = rowById.get(item.fileId)
    if (row === undefined) return { status: 'error', fileId: item.fileId, code: 'FILE_NOT_FOUND' }
    return signRow(ports, row, item)
  })
  return { items }
}
