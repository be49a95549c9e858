/** All the ports together: what `createAssetService` is given. */
import type { FileId } from '@studio/contracts/file'
import type { ContentInspector } from './content-inspector.ts'
import type { FileMetadata } from './file-metadata.ts'
import type { ExpiredUploads, FileRegistry } from './file-registry.ts'
import type { MetadataOutbox } from './metadata-outbox.ts'
import type { ObjectStore } from './object-store.ts'
import type { UrlSigner } from './url-signer.ts'

/** Everything the use-cases need from outside. */
export interface Ports {
  store: ObjectStore
  signer: UrlSigner
  registry: FileRegistry
  expiredUploads: ExpiredUploads
  outbox: MetadataOutbox
  metadata: FileMetadata
  inspector: ContentInspector
  now: () => Date
  newFileId: () => FileId
  /** Told of failures that do not fail a request (a delivery that will be tried again). */
  onBackgroundError: (error: unknown, doing: string) => void
}
