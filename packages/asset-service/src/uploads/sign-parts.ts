/** Signs URLs for parts: each takes the bytes with its SHA-256 and no others. */
import type { Actor } from '@studio/contracts/actor'
import { UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { SignedParts, SignParts } from '@studio/contracts/upload'
import type { Ports } from '../ports/ports.ts'
import { asMultipart, findOwnUpload } from './own-upload.ts'
import { partBytes, planParts } from './part-plan.ts'
import { coverNewUrls } from './upload-life.ts'

/** In the order asked for. Asked again for a part, it answers a URL that lives from now on. */
export async function signParts(ports: Ports, actor: Actor, request: SignParts): Promise<SignedParts> {
  const { row, multipart, reference } = asMultipart(ports, await findOwnUpload(ports, actor, request.fileId))
  const { size } = row.request
  const { partCount } = planParts(size)
  if (request.parts.some(({ partNumber }) => partNumber > partCount)) throw new StudioError('PARTS_MISMATCH')
  await coverNewUrls(ports, row)
  const parts = request.parts.map(({ partNumber, sha256 }) => {
    const { url, headers, expiresAt } = multipart.signPart({
      ...reference,
      partNumber,
      sha256,
      size: partBytes(size, partNumber),
      expiresInSeconds: UPLOAD_URL_SECONDS,
    })
    return { partNumber, url, headers, expiresAt: expiresAt.toISOString() }
  })
  return { parts }
}
