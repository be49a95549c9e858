/** Reads ready files again, slowly and for ever, and compares them with their checksums: bytes rot where nobody looks. */
import { setTimeout as pause } from 'node:timers/promises'
import type { FileId } from '@studio/contracts/file'
import { objectKey } from '../files/object-key.ts'
import type { Finding, FindingKind, ScrubCandidate } from '../ports/file-ledger.ts'
import type { Ports } from '../ports/ports.ts'
import { secondsFrom } from '../seconds-from.ts'
import { settleFindings } from './check-object.ts'
import { digestObject, type ObjectDigests } from './digest-object.ts'

const MONTH_SECONDS = 30 * 24 * 60 * 60
const FILES_AT_ONCE = 100

export type ScrubEvent =
  | { kind: 'intact'; fileId: FileId; bytes: number; sha256: string }
  /** In a dry run: this is what would be read. */
  | { kind: 'due'; fileId: FileId; bytes: number }
  | { kind: FindingKind; fileId: FileId; detail: string }

export interface ScrubOptions {
  /** Reads nothing and says what it would read: at most `limit` files, or the first hundred. */
  dryRun?: boolean
  /** Files that were read within this time are left alone. */
  againAfterSeconds?: number
  /** How many files at most; all that are due when absent. */
  limit?: number
  /** On average; as fast as the store answers when absent. */
  bytesPerSecond?: number
  onEvent?: (event: ScrubEvent) => void
  onBytes?: (bytes: number) => void
  signal?: AbortSignal
}

export interface ScrubReport {
  files: number
  bytes: number
  findings: number
  /** Files of which the SHA-256 of the whole was not known before. */
  checksumsFilledIn: number
}

/** Spreads reading over time: each piece is followed by the time that it is worth at this rate. */
function createBrake({ bytesPerSecond, signal }: ScrubOptions): (bytes: number) => Promise<void> {
  let paidUntil = performance.now()
  return async (bytes) => {
    signal?.throwIfAborted()
    if (bytesPerSecond === undefined) return
    const now = performance.now()
    paidUntil = Math.max(paidUntil, now) + (bytes / bytesPerSecond) * 1000
    await pause(paidUntil - now, undefined, signal && { signal })
  }
}

/** What the bytes should be and are not. */
function mismatch(file: ScrubCandidate, digests: ObjectDigests): Finding | undefined {
  const { declaredSha256, readSha256, compositeSha256 } = file
  const expected = [declaredSha256, readSha256].find((sha256) => sha256 !== null && sha256 !== digests.sha256)
  const { fileId } = file
  if (expected) {
    return { fileId, kind: 'checksum-mismatch', detail: `SHA-256 ${digests.sha256} in place of ${expected}` }
  }
  if (compositeSha256 === null || compositeSha256 === digests.compositeSha256) return undefined
  const detail = `composite SHA-256 ${digests.compositeSha256} in place of ${compositeSha256}`
  return { fileId, kind: 'checksum-mismatch', detail }
}

/** Notes what reading showed; a finding of a file that is gone meanwhile is none. */
async function settleChecksum(
  ports: Ports,
  file: ScrubCandidate,
  digests: ObjectDigests,
): Promise<Finding | undefined> {
  const finding = mismatch(file, digests)
  const isUnknown = file.declaredSha256 === null && file.readSha256 === null
  // The finding first: a crash in between reads the file again, while the other way round it would wait for a month.
  const noted = finding !== undefined && (await ports.findings.note(finding))
  if (finding === undefined) {
    await ports.findings.resolve(file.fileId, ['missing-object', 'size-mismatch', 'checksum-mismatch'])
  }
  const sha256 = isUnknown && finding === undefined ? digests.sha256 : undefined
  await ports.ledger.noteScrubbed(file.fileId, { at: ports.now(), sha256 })
  return noted ? finding : undefined
}

async function scrubFile(
  ports: Ports,
  file: ScrubCandidate,
  onPiece: (bytes: number) => Promise<void>,
): Promise<ScrubEvent | undefined> {
  const { fileId, size } = file
  const visible = await settleFindings(ports, file, { dryRun: false })
  const digests = visible ? undefined : await digestObject(ports, { key: objectKey(fileId), size, onPiece })
  if (digests !== undefined) {
    const finding = await settleChecksum(ports, file, digests)
    return finding ?? { kind: 'intact', fileId, bytes: size, sha256: digests.sha256 }
  }
  // It ended early or vanished while it was read: another look says which.
  const finding = visible ?? (await settleFindings(ports, file, { dryRun: false }))
  await ports.ledger.noteScrubbed(fileId, { at: ports.now(), sha256: undefined })
  return finding
}

/** The files that come next, counted and not read. */
async function listDue(ports: Ports, options: ScrubOptions, before: Date): Promise<ScrubReport> {
  const files = await ports.ledger.listUnscrubbed({ before, limit: options.limit ?? FILES_AT_ONCE })
  for (const { fileId, size } of files) options.onEvent?.({ kind: 'due', fileId, bytes: size })
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  return { files: files.length, bytes, findings: 0, checksumsFilledIn: 0 }
}

/** Reads what is due. May stop anywhere: a file that was not read to its end is read again, and what was noted stays. */
export async function scrub(ports: Ports, options: ScrubOptions = {}): Promise<ScrubReport> {
  const report: ScrubReport = { files: 0, bytes: 0, findings: 0, checksumsFilledIn: 0 }
  const brake = createBrake(options)
  const before = secondsFrom(ports.now(), -(options.againAfterSeconds ?? MONTH_SECONDS))
  if (options.dryRun === true) return listDue(ports, options, before)
  const onPiece = async (bytes: number): Promise<void> => {
    report.bytes += bytes
    options.onBytes?.(bytes)
    await brake(bytes)
  }
  for (;;) {
    const wanted = Math.min(FILES_AT_ONCE, (options.limit ?? Infinity) - report.files)
    const files = wanted > 0 ? await ports.ledger.listUnscrubbed({ before, limit: wanted }) : []
    if (files.length === 0) return report
    for (const file of files) {
      options.signal?.throwIfAborted()
      const event = await scrubFile(ports, file, onPiece)
      report.files += 1
      if (event === undefined) continue
      const isIntact = event.kind === 'intact'
      if (!isIntact) report.findings += 1
      else if (file.declaredSha256 === null && file.readSha256 === null) report.checksumsFilledIn += 1
      options.onEvent?.(event)
    }
  }
}
