/** The rules at the door: what may begin at all, and whether a repeated request is the same one. */
import { isDeepStrictEqual } from 'node:util'
import { isTypeAllowed } from '@studio/contracts/file-type-policy'
import { StudioError } from '@studio/contracts/studio-error'
import { requireUsageSize } from '@studio/contracts/usage-limits'
import type { Actor } from '@studio/contracts/actor'
import type { BeginUpload } from '@studio/contracts/upload'
import type { Ports } from '../ports/ports.ts'
import type { FileRow, Transport } from '../ports/file-registry.ts'
import { lifeFrom, type UploadLife } from './upload-life.ts'

interface Admission {
  actor: Actor
  request: BeginUpload
  transport: Transport
  /** That of any upload when absent. */
  life?: UploadLife
}

/** Throws `FILE_TOO_LARGE` or `TYPE_NOT_ALLOWED` before anything is written anywhere. */
function checkAtTheDoor(request: BeginUpload): void {
  requireUsageSize(request)
  if (!isTypeAllowed(request.mimeType, request.usage)) throw new StudioError('TYPE_NOT_ALLOWED')
}

/** The same file for the same place. By what it was recognised, and on which device, makes no difference. */
function isSameRequest(
  { fingerprint: _first, ...first }: BeginUpload,
  { fingerprint: _second, ...second }: BeginUpload,
): boolean {
  return isDeepStrictEqual(first, second)
}

/**
 * Admits an upload: its row exists afterwards, a new one or the one that the same request made before.
 * Throws `IDEMPOTENCY_KEY_REUSED` when the key stands for another request, and `QUOTA_EXCEEDED` when the project has no room.
 */
export async function admitUpload(ports: Ports, admission: Admission): Promise<FileRow> {
  const { actor, request, transport } = admission
  checkAtTheDoor(request)
  const { row, inserted } = await ports.registry.begin({
    fileId: ports.newFileId(),
    actor: { issuer: actor.issuer, subject: actor.subject },
    request,
    transport,
    ...(admission.life ?? lifeFrom(ports.now())),
  })
  if (!inserted && !isSameRequest(row.request, request)) throw new StudioError('IDEMPOTENCY_KEY_REUSED')
  return row
}
