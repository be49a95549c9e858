/** The SHA-256 of a whole file that came in pieces, and whether it is the one that was declared. */
import { StudioError } from '@studio/contracts/studio-error'
import { objectKey } from '../files/object-key.ts'
import type { FileRow } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'
import { digestObject } from '../reconcile/digest-object.ts'

/**
 * Resolves to what is known: `computed`, while the bytes came by. A file that came in several requests is read again if its
 * checksum was declared; otherwise the scrubber will. Throws `CHECKSUM_MISMATCH`.
 */
export async function wholeChecksum(
  ports: Ports,
  { fileId, request }: FileRow,
  computed: string | undefined,
): Promise<string | undefined> {
  const { sha256: declared, size } = request
  if (declared === undefined) return computed
  const onPiece = (): Promise<void> => Promise.resolve()
  const read = computed ?? (await digestObject(ports, { key: objectKey(fileId), size, onPiece }))?.sha256
  if (read === undefined) throw new StudioError('STORE_UNAVAILABLE', { cause: 'the object ended early' })
  if (read !== declared) throw new StudioError('CHECKSUM_MISMATCH')
  return read
}
