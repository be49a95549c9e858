/** The front door: `createAssetService(ports)` binds the use-cases to their ports. No logic lives here. */
import type { Actor } from '@studio/contracts/actor'
import type { ResolvedUrls, ResolveUrls } from '@studio/contracts/delivery'
import type { InlineUpload } from '@studio/contracts/inline-upload'
import type {
  CopyFile,
  FileChange,
  FileFates,
  FileIds,
  FilePlaces,
  ImportedFile,
  ImportReference,
  ImportUrl,
  ListTrash,
  Trash,
} from '@studio/contracts/file-life'
import type {
  AbortedUpload,
  BeginUpload,
  BegunUpload,
  CompleteUpload,
  SignedParts,
  SignParts,
  StoredFile,
  UploadedParts,
  UploadReference,
} from '@studio/contracts/upload'
import type {
  DuplicateOffers,
  FindDuplicates,
  ListPending,
  PendingUploads,
  ProjectReference,
  ProjectStorage,
} from '@studio/contracts/pending-upload'
import { resolveUrls } from './delivery/resolve-urls.ts'
import {
  findPlaces,
  listPurges,
  listTrash,
  purgeFiles,
  restoreFiles,
  trashFiles,
} from './files/change-files.ts'
import { copyFile } from './files/copy-file.ts'
import { purgeDue } from './files/purge-due.ts'
import { createImporter } from './imports/import-url.ts'
import { deliverDue } from './metadata-outbox/deliver.ts'
import { createDeliveries } from './metadata-outbox/deliveries.ts'
import type { NotedFinding } from './ports/file-ledger.ts'
import type { OutboxView, RegistryStats, UnfinishedUpload } from './ports/operator-desk.ts'
import type { Ports } from './ports/ports.ts'
import type { ProjectSpace } from './ports/project-space.ts'
import { reconcile } from './reconcile/reconcile.ts'
import type { ReconcileReport } from './reconcile/reconcile-report.ts'
import type { ReconcileOptions } from './reconcile/reconcile-run.ts'
import { scrub, type ScrubOptions, type ScrubReport } from './reconcile/scrub.ts'
import { abortUpload } from './uploads/abort-upload.ts'
import { beginUpload } from './uploads/begin-upload.ts'
import { completeUpload } from './uploads/complete-upload.ts'
import { expireUploads } from './uploads/expire-uploads.ts'
import { findDuplicates } from './uploads/find-duplicates.ts'
import { listParts } from './uploads/list-parts.ts'
import { listPending } from './uploads/list-pending.ts'
import { putInline } from './uploads/put-inline.ts'
import { signParts } from './uploads/sign-parts.ts'
import { createTusHandler, type TusHandler } from './uploads/tus-handler.ts'

export interface AssetService {
  beginUpload(actor: Actor, request: BeginUpload): Promise<BegunUpload>
  putInline(actor: Actor, upload: Omit<InlineUpload, 'frame'>): Promise<StoredFile>
  signParts(actor: Actor, request: SignParts): Promise<SignedParts>
  listParts(actor: Actor, reference: UploadReference): Promise<UploadedParts>
  completeUpload(actor: Actor, request: CompleteUpload): Promise<StoredFile>
  abortUpload(actor: Actor, reference: UploadReference): Promise<AbortedUpload>
  /** The tus protocol, for requests whose caller is known. */
  tus: TusHandler
  listPending(actor: Actor, query: ListPending): Promise<PendingUploads>
  findDuplicates(actor: Actor, query: FindDuplicates): Promise<DuplicateOffers>
  projectStorage(reference: ProjectReference): Promise<ProjectStorage>
  resolveUrls(actor: Actor, request: ResolveUrls): Promise<ResolvedUrls>
  /** The projects of files, for the caller to ask whether the person may change files there. */
  findPlaces(actor: Actor, request: FileIds): Promise<FilePlaces>
  trashFiles(actor: Actor, change: FileChange): Promise<FileFates>
  restoreFiles(actor: Actor, change: FileChange): Promise<FileFates>
  purgeFiles(actor: Actor, change: FileChange): Promise<FileFates>
  listTrash(actor: Actor, request: ListTrash): Promise<Trash>
  copyFile(actor: Actor, request: CopyFile): Promise<StoredFile>
  /** Fetches a file from a public address; a large one while `importStatus` tells how it goes. */
  importUrl(actor: Actor, request: ImportUrl): Promise<ImportedFile>
  importStatus(actor: Actor, reference: ImportReference): Promise<ImportedFile>
  /** Purges what has been in the trash for long enough; returns how many files, at most a batch of them. */
  purgeDue(): Promise<number>
  /** What is in all trash, what is purged next first. */
  listPurges(limit: number): Promise<Trash>
  /** Delivers what the outbox owes PocketBase; returns how many records were written. */
  deliverDue(): Promise<number>
  /** Resolves when the deliveries that answers did not wait for have ended: before the ports are closed. */
  deliveriesSettled(): Promise<void>
  /** Ends overdue uploads and removes what they left; returns how many were forgotten. */
  expireUploads(): Promise<number>
  /** Settles what store and registry disagree on; `undefined` when the store cannot be listed. */
  reconcile(options: ReconcileOptions): Promise<ReconcileReport | undefined>
  /** Reads ready files that were not read for long, and compares them with their checksums. */
  scrub(options: ScrubOptions): Promise<ScrubReport>
  /** What is wrong and only a person can mend, oldest first. */
  listFindings(limit: number): Promise<NotedFinding[]>
  stats(): Promise<RegistryStats>
  /** For operators: what projects take up, and what they may. */
  space: Pick<ProjectSpace, 'find' | 'setQuota' | 'listLargest'>
  listUnfinished(limit: number): Promise<UnfinishedUpload[]>
  listOutbox(limit: number): Promise<OutboxView[]>
  /** Makes failed deliveries due now; returns how many. */
  retryOutboxNow(): Promise<number>
}

/** Binds the use-cases to their ports. */
export function createAssetService(ports: Ports): AssetService {
  const deliveries = createDeliveries(ports)
  return {
    beginUpload: (actor, request) => beginUpload(ports, actor, request),
    putInline: (actor, upload) => putInline({ ports, deliveries }, actor, upload),
    signParts: (actor, request) => signParts(ports, actor, request),
    listParts: (actor, reference) => listParts(ports, actor, reference),
    completeUpload: (actor, request) => completeUpload(ports, actor, request),
    abortUpload: (actor, reference) => abortUpload(ports, actor, reference),
    tus: createTusHandler(ports),
    listPending: (actor, query) => listPending(ports, actor, query),
    findDuplicates: (actor, query) => findDuplicates(ports, actor, query),
    projectStorage: ({ projectId }) => ports.space.find(projectId),
    resolveUrls: (actor, request) => resolveUrls(ports, actor, request),
    findPlaces: (_actor, request) => findPlaces(ports, request),
    trashFiles: (actor, change) => trashFiles(ports, actor, change),
    restoreFiles: (actor, change) => restoreFiles(ports, actor, change),
    purgeFiles: (actor, change) => purgeFiles(ports, actor, change),
    listTrash: (_actor, request) => listTrash(ports, request),
    ...createImporter(ports),
    copyFile: (actor, request) => copyFile(ports, actor, request),
    purgeDue: () => purgeDue(ports),
    listPurges: (limit) => listPurges(ports, limit),
    deliverDue: () => deliverDue(ports),
    deliveriesSettled: () => deliveries.settled(),
    expireUploads: () => expireUploads(ports),
    reconcile: (options) => reconcile(ports, options),
    scrub: (options) => scrub(ports, options),
    listFindings: (limit) => ports.findings.list(limit),
    stats: () => ports.desk.stats(),
    space: ports.space,
    listUnfinished: (limit) => ports.desk.listUnfinished(limit),
    listOutbox: (limit) => ports.desk.listOutbox(limit),
    retryOutboxNow: () => ports.desk.retryOutboxNow(),
  }
}
