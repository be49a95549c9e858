/** All the ports together: what `createAssetService` is given. */
import type { FileId } from '@studio/contracts/file'
import type { ContentInspector } from './content-inspector.ts'
import type { FileLife } from './file-life.ts'
import type { FileMetadata } from './file-metadata.ts'
import type { FileLedger, Findings } from './file-ledger.ts'
import type { ExpiredUploads, FileRegistry } from './file-registry.ts'
import type { HttpSource } from './http-source.ts'
import type { MetadataOutbox } from './metadata-outbox.ts'
import type { ObjectListing } from './object-listing.ts'
import type { MultipartObjectStore, ObjectStore } from './object-store.ts'
import type { OperatorDesk } from './operator-desk.ts'
import type { ProjectSpace } from './project-space.ts'
import type { TusUploads } from './tus-uploads.ts'
import type { UrlSigner } from './url-signer.ts'

/** Everything the use-cases need from outside. */
export interface Ports {
  store: ObjectStore
  signer: UrlSigner
  /** Absent when the store has no multipart uploads. */
  multipart?: MultipartObjectStore | undefined
  /** Absent when the store cannot be listed. */
  listing?: ObjectListing | undefined
  registry: FileRegistry
  expiredUploads: ExpiredUploads
  life: FileLife
  httpSource: HttpSource
  /** The largest file that is imported; there is a limit without it as well. */
  importMaxBytes?: number | undefined
  /** How long the trash keeps a file, in days; `TRASH_RETENTION_DAYS` of contracts when absent. */
  trashRetentionDays?: number | undefined
  tus: TusUploads
  /** `relay`: no client can reach the store, so all bytes pass this service; `direct` when absent. */
  uploadTransport?: 'direct' | 'relay' | undefined
  /** How long a tus client may be silent in the middle of a body; half a minute when absent. */
  tusStallSeconds?: number | undefined
  ledger: FileLedger
  findings: Findings
  desk: OperatorDesk
  space: ProjectSpace
  /** What becomes of files that are two things at once; `attachment` when absent: stored, and only ever saved. */
  polyglots?: 'refuse' | 'attachment' | undefined
  outbox: MetadataOutbox
  metadata: FileMetadata
  inspector: ContentInspector
  now: () => Date
  newFileId: () => FileId
  /** Told of failures that do not fail a request (a delivery that will be tried again). */
  onBackgroundError: (error: unknown, doing: string) => void
}
