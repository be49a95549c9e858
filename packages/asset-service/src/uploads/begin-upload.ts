/** Begins an upload: a row in the registry and a URL that accepts these bytes and no others. */
import type { Actor } from '@studio/contracts/actor'
import { UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import type { BeginUpload, BegunUpload } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import { secondsFrom } from '../seconds-from.ts'
import { admitUpload } from './admit-upload.ts'
import { settledAnswer } from './upload-state.ts'

/** A URL signed again for an upload begun before lengthens the time in which bytes may arrive; this is how much is not worth a write. */
const EXTEND_AFTER_SECONDS = 1

/** `uploading` with a presigned PUT, or `ready` when the same request had already finished. */
export async function beginUpload(ports: Ports, actor: Actor, request: BeginUpload): Promise<BegunUpload> {
  const row = await admitUpload(ports, { actor, request, transport: 'direct' })
  const { fileId } = row
  const settled = settledAnswer(row)
  if (settled !== undefined) return { state: 'ready', fileId, file: settled }

  // Before the URL leaves, the registry knows until when it works: an expired row is forgotten only after that.
  const writableUntil = secondsFrom(ports.now(), UPLOAD_URL_SECONDS)
  const lengthenedBy = writableUntil.getTime() - row.writableUntil.getTime()
  if (lengthenedBy > EXTEND_AFTER_SECONDS * 1000) await ports.registry.extendWritable(fileId, writableUntil)

  const { size, sha256, mimeType } = request
  const signed = ports.signer.signPut({
    key: objectKey(fileId),
    expiresInSeconds: UPLOAD_URL_SECONDS,
    mimeType,
    size,
    sha256,
  })
  return {
    state: 'uploading',
    fileId,
    transport: {
      kind: 'direct',
      method: 'PUT',
      url: signed.url,
      headers: signed.headers,
      expiresAt: signed.expiresAt.toISOString(),
    },
  }
}
