/** Stores a small file that came with its request: one call from browser to object store. */
import { createHash } from 'node:crypto'
import type { Actor } from '@studio/contracts/actor'
import type { InlineUpload } from '@studio/contracts/inline-upload'
import { INLINE_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUpload, StoredFile } from '@studio/contracts/upload'
import { objectKey } from '../files/object-key.ts'
import { admitUpload } from './admit-upload.ts'
import { finishSoon, type FinishSoon } from './finish-upload.ts'
import { inspectBytes } from './inspect-content.ts'
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
export async function putInline(
  context: FinishSoon,
  actor: Actor,
  { request, bytes }: Omit<InlineUpload, 'frame'>,
): Promise<StoredFile> {
  const { ports } = context
  const sha256 = checkBytes(request, bytes)
  const observed = await inspectBytes(ports, request, bytes)

  const row = await admitUpload(ports, { actor, request, transport: 'inline' })
  const settled = settledAnswer(row)
  if (settled !== undefined) return settled

  const { mimeType } = observed
  await ports.store.put({ key: objectKey(row.fileId), bytes, mimeType, sha256 })
  return finishSoon(context, row, observed)
}
