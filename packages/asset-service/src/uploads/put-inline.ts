/** Stores a small file that came with its request: one call from browser to object store. */
import { createHash } from 'node:crypto'
import type { Actor } from '@studio/contracts/actor'
import { INLINE_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUpload, InlineUpload, StoredFile } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import type { Ports } from '../ports/ports.ts'
import { INSPECTED_BYTES } from '../ports/content-inspector.ts'
import { admitUpload } from './admit-upload.ts'
import { finishUpload } from './finish-upload.ts'
import { observeContent } from './observe-content.ts'
import { settledAnswer } from './upload-state.ts'

/** Resolves what is checked: the checksum that was declared, which is there for every file in one piece. */
function checkBytes(request: BeginUpload, bytes: Uint8Array): string {
  if (bytes.length > INLINE_MAX_BYTES) throw new StudioError('FILE_TOO_LARGE')
  if (bytes.length !== request.size) throw new StudioError('SIZE_MISMATCH')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== request.sha256) throw new StudioError('CHECKSUM_MISMATCH')
  return sha256
}

/** All that can be wrong with the bytes is found before the first effect, so a refused file leaves nothing behind. */
export async function putInline(ports: Ports, actor: Actor, upload: InlineUpload): Promise<StoredFile> {
  const { request } = upload
  const bytes = new Uint8Array(await upload.bytes.arrayBuffer())
  const sha256 = checkBytes(request, bytes)
  const head = bytes.subarray(0, INSPECTED_BYTES)
  const observed = observeContent({ request, head, inspection: await ports.inspector.inspect(head) })

  const row = await admitUpload(ports, { actor, request, transport: 'inline' })
  const settled = settledAnswer(row)
  if (settled !== undefined) return settled

  const { mimeType } = observed
  await ports.store.put({ key: objectKey(row.fileId), bytes, mimeType, sha256 })
  return finishUpload(ports, row, observed)
}
