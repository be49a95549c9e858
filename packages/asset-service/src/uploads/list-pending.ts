/** Lists a person's own unfinished uploads, with how far each has come. */
import { z } from 'zod'
import type { Actor } from '@studio/contracts/actor'
import { fileIdSchema } from '@studio/contracts/file'
import type { ListPending, PendingUpload, PendingUploads } from '@studio/contracts/pending-upload'
import { StudioError } from '@studio/contracts/studio-error'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'

/** The store is asked about so many at once. */
const LANES = 8

const cursorSchema = z
  .tuple([z.iso.datetime().transform((text) => new Date(text)), fileIdSchema])
  .transform(([createdAt, fileId]) => ({ createdAt, fileId }))

function readCursor(cursor: string | undefined): z.output<typeof cursorSchema> | undefined {
  if (cursor === undefined) return undefined
  const parsed = cursorSchema.safeParse(cursor.split('_'))
  if (!parsed.success) throw new StudioError('VALIDATION_FAILED', { cause: parsed.error })
  return parsed.data
}

/** What a resumed upload does not have to send again. One piece is there as a whole or not at all. */
async function confirmedBytes(ports: Ports, { fileId, multipartId, transport }: FileRow): Promise<number> {
  if (transport === 'tus') return (await ports.tus.find(fileId))?.receivedBytes ?? 0
  if (multipartId === null || ports.multipart === undefined) return 0
  const key = objectKey(fileId)
  const parts = await ports.multipart.listParts({ key, multipartId })
  if (parts === undefined) return (await ports.store.head(key))?.size ?? 0
  return parts.reduce((sum, { size }) => sum + size, 0)
}

/** A store that does not answer keeps nobody from seeing what is unfinished. */
export async function describePending(ports: Ports, row: FileRow): Promise<PendingUpload> {
  const { fileId, request, transport, createdAt, expiresAt } = row
  const confirmed = await confirmedBytes(ports, row).catch((error: unknown) => {
    ports.onBackgroundError(error, `asking how far upload ${fileId} has come`)
    return null
  })
  return {
    fileId,
    request,
    transport,
    begunAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    confirmedBytes: confirmed,
  }
}

/** Newest first. Uploads whose time is over are not listed, even before they are cleaned up. */
export async function listPending(ports: Ports, actor: Actor, query: ListPending): Promise<PendingUploads> {
  const { projectId, cursor, limit } = query
  const rows = await ports.registry.listPending({ actor, projectId, after: readCursor(cursor), limit })
  const living = rows.filter((row) => row.expiresAt > ports.now())
  const uploads: PendingUpload[] = []
  for (let from = 0; from < living.length; from += LANES) {
    const some = living.slice(from, from + LANES)
    uploads.push(...(await Promise.all(some.map((row) => describePending(ports, row)))))
  }
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { uploads, next: last === undefined ? null : `${last.createdAt.toISOString()}_${last.fileId}` }
}
