/** The front door: `createAssetService(ports)` binds the use-cases to their ports. No logic lives here. */
import type { Actor } from '@studio/contracts/actor'
import type { ResolvedUrls, ResolveUrls } from '@studio/contracts/delivery'
import type {
  AbortedUpload,
  BeginUpload,
  BegunUpload,
  InlineUpload,
  StoredFile,
  UploadReference,
} from '@studio/contracts/upload'
import { resolveUrls } from './delivery/resolve-urls.ts'
import { deliverDue } from './metadata-outbox/deliver.ts'
import type { Ports } from './ports/ports.ts'
import { abortUpload } from './uploads/abort-upload.ts'
import { beginUpload } from './uploads/begin-upload.ts'
import { completeUpload } from './uploads/complete-upload.ts'
import { expireUploads } from './uploads/expire-uploads.ts'
import { putInline } from './uploads/put-inline.ts'

export interface AssetService {
  beginUpload(actor: Actor, request: BeginUpload): Promise<BegunUpload>
  putInline(actor: Actor, upload: InlineUpload): Promise<StoredFile>
  completeUpload(actor: Actor, reference: UploadReference): Promise<StoredFile>
  abortUpload(actor: Actor, reference: UploadReference): Promise<AbortedUpload>
  resolveUrls(actor: Actor, request: ResolveUrls): Promise<ResolvedUrls>
  /** Delivers what the outbox owes PocketBase; returns how many records were written. */
  deliverDue(): Promise<number>
  /** Ends overdue uploads and removes what they left; returns how many were forgotten. */
  expireUploads(): Promise<number>
}

/** Binds the use-cases to their ports. */
export function createAssetService(ports: Ports): AssetService {
  return {
    beginUpload: (actor, request) => beginUpload(ports, actor, request),
    putInline: (actor, upload) => putInline(ports, actor, upload),
    completeUpload: (actor, reference) => completeUpload(ports, actor, reference),
    abortUpload: (actor, reference) => abortUpload(ports, actor, reference),
    resolveUrls: (actor, request) => resolveUrls(ports, actor, request),
    deliverDue: () => deliverDue(ports),
    expireUploads: () => expireUploads(ports),
  }
}
