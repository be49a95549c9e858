/** Port: the registry as reconciliation and scrubbing see it, page by page and apart from the request path. */
import type { FileId } from '@studio/contracts/file'
import type { FileState, Transport } from './file-registry.ts'

/** What the registry says of an id right now. Size in bytes. */
export interface Standing {
  fileId: FileId
  state: FileState
  size: number
  multipartId: string | null
}

/** A ready file with everything that its bytes have to match. */
export interface ScrubCandidate {
  fileId: FileId
  transport: Transport
  size: number
  /** As the client declared it at begin. */
  declaredSha256: string | null
  compositeSha256: string | null
  /** As an earlier scrub read it. */
  readSha256: string | null
}

export interface Removal {
  fileId: FileId
  what: 'orphan object' | 'leftover multipart upload'
  /** The key, and the multipart upload where it is one. */
  detail: string
}

/** Every method rejects with `REGISTRY_UNAVAILABLE` when the database does not answer, and may be repeated. */
export interface FileLedger {
  /** Rows of these ids; an id that has no row is left out. */
  standings(fileIds: readonly FileId[]): Promise<Standing[]>
  /** Rows by id, behind `after` up to and including `until`, at most `limit` of them. */
  listRange(range: { after: string; until: string | null; limit: number }): Promise<Standing[]>
  /** Leaves an audit row: called before something is removed that no request asked to remove. */
  auditRemoval(removal: Removal): Promise<void>
  /** Ready files that were not read since `before`: those never read first, then those read longest ago. */
  listUnscrubbed(options: { before: Date; limit: number }): Promise<ScrubCandidate[]>
  /**
   * The file was read at `at`. With the `sha256` of a whole file that had none, it is kept, and an outbox entry tells the
   * record. Nothing happens to a row that is not `ready` any more.
   */
  noteScrubbed(fileId: FileId, read: { at: Date; sha256: string | undefined }): Promise<void>
}

export const FINDING_KINDS = ['missing-object', 'size-mismatch', 'checksum-mismatch'] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

/** Something that is wrong with a file that is ready, or in the trash, and that nothing but a person can mend. */
export interface Finding {
  fileId: FileId
  kind: FindingKind
  detail: string
}

export interface NotedFinding extends Finding {
  foundAt: Date
  /** When it was last seen to be still so. */
  seenAt: Date
}

/** Rejects like `FileLedger`. */
export interface Findings {
  /** Notes it, or that it is still so; `false`, and nothing is noted, when the row is neither `ready` nor `trashed` any more. */
  note(finding: Finding): Promise<boolean>
  /** These kinds of finding are over for this file. */
  resolve(fileId: FileId, kinds: readonly FindingKind[]): Promise<void>
  /** Oldest first. */
  list(limit: number): Promise<NotedFinding[]>
}
