/** All the ports together: what `createAssetService` is given. */
import type { FileId } from '@studio/contracts/file'
import type { ContentInspector } from './content-inspector.ts'
import type { FileMetadata } from './file-metadata.ts'
import type { FileLedger, Findings } from './file-ledger.ts'
import type { ExpiredUploads, FileRegistry } from './file-registry.ts'
import type { MetadataOutbox } from './metadata-outbox.ts'
import type { ObjectListing } from './object-listing.ts'
import type { MultipartObjectStore, ObjectStore } from './object-store.ts'
import type { OperatorDesk } from './operator-desk.ts'
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
  ledger: FileLedger
  findings: Findings
  desk: OperatorDesk
  outbox: MetadataOutbox
  metadata: FileMetadata
  inspector: ContentInspector
  now: () => Date
  newFileId: () => FileId
  /** Told of failures that do not fail a request (a delivery that will be tried again). */
  onBackgroundError: (error: unknown, doing: string) => void
}
