/** Recognises files before they are sent: one that was begun and not finished, and one that is in the project already. */
import type { Actor } from '@studio/contracts/actor'
import type {
  DuplicateItem,
  DuplicateOffer,
  DuplicateOffers,
  FindDuplicates,
} from '@studio/contracts/pending-upload'
import type { FileRow } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'
import { describePending } from './list-pending.ts'
import { settledAnswer } from './upload-state.ts'

/** The SHA-256 of the whole decides where both have one. Otherwise size and sample do: enough for an offer to a person. */
function isSameContent(row: FileRow, item: DuplicateItem): boolean {
  if (row.request.size !== item.size) return false
  const sha256 = row.request.sha256 ?? row.observed?.readSha256
  if (sha256 !== undefined && item.sha256 !== undefined) return sha256 === item.sha256
  const sample = row.request.fingerprint?.sample
  return sample !== undefined && sample === item.fingerprint?.sample
}

/** The same name in the same place: going on with it ends in what was asked for. */
function isSameUpload({ request }: FileRow, { name, cardId, assetId }: DuplicateItem): boolean {
  return request.name === name && request.cardId === cardId && request.assetId === assetId
}

/** Copies and imports go on by themselves: there is nothing that a person could send. */
function isSent({ transport }: FileRow): boolean {
  return transport !== 'copy' && transport !== 'import'
}

async function offerFor(
  ports: Ports,
  rows: readonly FileRow[],
  item: DuplicateItem,
): Promise<DuplicateOffer> {
  const alike = rows.filter((row) => isSameContent(row, item))
  const begun = alike.find(
    (row) =>
      row.state === 'uploading' && isSent(row) && isSameUpload(row, item) && row.expiresAt > ports.now(),
  )
  if (begun !== undefined) return { kind: 'continue', upload: await describePending(ports, begun) }
  const ready = alike.find((row) => row.state === 'ready')
  const file = ready && settledAnswer(ready)
  return file === undefined ? { kind: 'none' } : { kind: 'already-here', file }
}

/** One offer for each item, in the same order. Reads only: what comes of an offer is decided by what is begun, or not. */
export async function findDuplicates(
  ports: Ports,
  actor: Actor,
  { projectId, items }: FindDuplicates,
): Promise<DuplicateOffers> {
  const rows = await ports.registry.findAlike({
    actor,
    projectId,
    sha256s: items.flatMap(({ sha256 }) => sha256 ?? []),
    samples: items.flatMap(({ fingerprint }) => fingerprint?.sample ?? []),
  })
  return { offers: await Promise.all(items.map((item) => offerFor(ports, rows, item))) }
}
