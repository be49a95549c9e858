/** Assembles a multipart upload, and knows whether it is assembled by looking at the object, never by what is missing. */
import { createHash } from 'node:crypto'
import { StudioError } from '@studio/contracts/studio-error'
import type { ObjectHead, UploadedPart } from '../ports/object-store.ts'
import type { Ports } from '../ports/ports.ts'
import { asMultipart } from './own-upload.ts'
import { partBytes, planParts } from './part-plan.ts'
import type { FileRow } from '../ports/file-registry.ts'

/** SHA-256 over the concatenated part digests, `-N` behind it ("Checking object integrity", S3 User Guide: composite). */
export function compositeSha256(partDigests: readonly string[]): string {
  const hash = createHash('sha256')
  for (const digest of partDigests) hash.update(digest, 'hex')
  return `${hash.digest('hex')}-${partDigests.length}`
}

/** Every part there, of its size and with its checksum? Then they are what the client means the file to be. */
function fittingParts(
  { request: { size } }: FileRow,
  parts: readonly UploadedPart[],
  partDigests: readonly string[],
): UploadedPart[] {
  const byNumber = new Map(parts.map((part) => [part.partNumber, part]))
  return partDigests.map((sha256, index) => {
    const part = byNumber.get(index + 1)
    if (part === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
    if (part.size !== partBytes(size, index + 1)) throw new StudioError('SIZE_MISMATCH')
    if (part.sha256 !== sha256) throw new StudioError('CHECKSUM_MISMATCH')
    return part
  })
}

function isAssembled(head: ObjectHead | undefined, row: FileRow, composite: string): boolean {
  if (head === undefined) return false
  if (head.size !== row.request.size) throw new StudioError('SIZE_MISMATCH')
  if (head.compositeSha256 !== composite) throw new StudioError('CHECKSUM_MISMATCH')
  return true
}

/**
 * Resolves to the object's composite checksum when the object is there and is right. Throws `UPLOAD_INCOMPLETE` while parts
 * are missing. Repeated after a lost answer, it finds the object that the first try made.
 */
export async function assembleParts(
  ports: Ports,
  row: FileRow,
  partDigests: readonly string[] | undefined,
): Promise<string> {
  const { multipart, reference } = asMultipart(ports, row)
  if (partDigests?.length !== planParts(row.request.size).partCount) throw new StudioError('PARTS_MISMATCH')
  const composite = compositeSha256(partDigests)
  const parts = await multipart.listParts(reference)
  // No such multipart upload means "assembled" only if the object says so (it may as well have been aborted).
  if (parts !== undefined) await multipart.assemble(reference, fittingParts(row, parts, partDigests))
  if (!isAssembled(await ports.store.head(reference.key), row, composite))
    throw new StudioError('UPLOAD_INCOMPLETE')
  return composite
}
