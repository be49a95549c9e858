/** The rules at the door: what may begin at all, and whether a repeated request is the same one. */
import { isDeepStrictEqual } from 'node:util'
import { isTypeAllowed } from '@studio/contracts/file-type-policy'
import { FILE_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { Actor } from '@studio/contracts/actor'
import type { BeginUpload } from '@studio/contracts/upload'
import type { Ports } from '../ports/ports.ts'
import type { FileRow, Transport } from '../ports/file-registry.ts'
import { lifeFrom } from './upload-life.ts'

interface Admission {
  actor: Actor
  request: BeginUpload
  transport: Transport
}

/** Throws `FILE_TOO_LARGE` or `TYPE_NOT_ALLOWED` before anything is written anywhere. */
function checkAtTheDoor(request: BeginUpload): void {
  if (request.size > FILE_MAX_BYTES) throw new StudioError('FILE_TOO_LARGE')
  if (!isTypeAllowed(request.mimeType, request.usage)) throw new StudioError('TYPE_NOT_ALLOWED')
}

/**
 * Admits an upload: its row exists afterwards, a new one or the one that the same request made before.
 * Throws `IDEMPOTENCY_KEY_REUSED` when the key stands for another request.
 */
export async function admitUpload(ports: Ports, admission: Admission): Promise<FileRow> {
  const { actor, request, transport } = admission
  checkAtTheDoor(request)
  const { row, inserted } = await ports.registry.begin({
    fileId: ports.newFileId(),
    actor: { issuer: actor.issuer, subject: actor.subject },
    request,
    transport,
    ...lifeFrom(ports.now()),
  })
  if (!inserted && !isDeepStrictEqual(row.request, request)) throw new StudioError('IDEMPOTENCY_KEY_REUSED')
  return row
}
