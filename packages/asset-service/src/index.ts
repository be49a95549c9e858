/** The front door: `createAssetService(ports)` binds the use-cases to their ports. No logic lives here. */
import type { Actor } from '@studio/contracts/actor'
import type { ResolvedUrls, ResolveUrls } from '@studio/contracts/delivery'
import type {
  AbortedUpload,
  BeginUpload,
  BegunUpload,
  CompleteUpload,
  InlineUpload,
  SignedParts,
  SignParts,
  StoredFile,
  UploadedParts,
  UploadReference,
} from '@studio/contracts/upload'
import { resolveUrls } from './delivery/resolve-urls.ts'
import { deliverDue } from './metadata-outbox/deliver.ts'
import type { NotedFinding } from './ports/file-ledger.ts'
import type { OutboxView, RegistryStats, UnfinishedUpload } from './ports/operator-desk.ts'
import type { Ports } from './ports/ports.ts'
import { reconcile } from './reconcile/reconcile.ts'
import type { ReconcileReport } from './reconcile/reconcile-report.ts'
import type { ReconcileOptions } from './reconcile/reconcile-run.ts'
import { scrub, type ScrubOptions, type ScrubReport } from './reconcile/scrub.ts'
import { abortUpload } from './uploads/abort-upload.ts'
import { beginUpload } from './uploads/begin-upload.ts'
import { completeUpload } from './uploads/complete-upload.ts'
import { expireUploads } from './uploads/expire-uploads.ts'
import { listParts } from './uploads/list-parts.ts'
import { putInline } from './uploads/put-inline.ts'
import { signParts } from './uploads/sign-parts.ts'

export interface AssetService {
  beginUpload(actor: Actor, request: BeginUpload): Promise<BegunUpload>
  putInline(actor: Actor, upload: InlineUpload): Promise<StoredFile>
  signParts(actor: Actor, request: SignParts): Promise<SignedParts>
  listParts(actor: Actor, reference: UploadReference): Promise<UploadedParts>
  completeUpload(actor: Actor, request: CompleteUpload): Promise<StoredFile>
  abortUpload(actor: Actor, reference: UploadReference): Promise<AbortedUpload>
  resolveUrls(actor: Actor, request: ResolveUrls): Promise<ResolvedUrls>
  /** Delivers what the outbox owes PocketBase; returns how many records were written. */
  deliverDue(): Promise<number>
  /** Ends overdue uploads and removes what they left; returns how many were forgotten. */
  expireUploads(): Promise<number>
  /** Settles what store and registry disagree on; `undefined` when the store cannot be listed. */
  reconcile(options: ReconcileOptions): Promise<ReconcileReport | undefined>
  /** Reads ready files that were not read for long, and compares them with their checksums. */
  scrub(options: ScrubOptions): Promise<ScrubReport>
  /** What is wrong and only a person can mend, oldest first. */
  listFindings(limit: number): Promise<NotedFinding[]>
  stats(): Promise<RegistryStats>
  listUnfinished(limit: number): Promise<UnfinishedUpload[]>
  listOutbox(limit: number): Promise<OutboxView[]>
  /** Makes failed deliveries due now; returns how many. */
  retryOutboxNow(): Promise<number>
}

/** Binds the use-cases to their ports. */
export function createAssetService(ports: Ports): AssetService {
  return {
    beginUpload: (actor, request) => beginUpload(ports, actor, request),
    putInline: (actor, upload) => putInline(ports, actor, upload),
    signParts: (actor, request) => signParts(ports, actor, request),
    listParts: (actor, reference) => listParts(ports, actor, reference),
    completeUpload: (actor, request) => completeUpload(ports, actor, request),
    abortUpload: (actor, reference) => abortUpload(ports, actor, reference),
    resolveUrls: (actor, request) => resolveUrls(ports, actor, request),
    deliverDue: () => deliverDue(ports),
    expireUploads: () => expireUploads(ports),
    reconcile: (options) => reconcile(ports, options),
    scrub: (options) => scrub(ports, options),
    listFindings: (limit) => ports.findings.list(limit),
    stats: () => ports.desk.stats(),
    listUnfinished: (limit) => ports.desk.listUnfinished(limit),
    listOutbox: (limit) => ports.desk.listOutbox(limit),
    retryOutboxNow: () => ports.desk.retryOutboxNow(),
  }
}
