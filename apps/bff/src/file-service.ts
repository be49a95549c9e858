/** What the BFF asks of the service that keeps the files, always as one person. */
import type { ResolvedUrl, UrlRequest } from '@studio/contracts/delivery'
import type {
  DuplicateOffers,
  FindDuplicates,
  ListPending,
  PendingUploads,
  ProjectReference,
  ProjectStorage,
} from '@studio/contracts/pending-upload'
import type { InlineUpload } from '@studio/contracts/inline-upload'
import type {
  CopyFile,
  FileChange,
  FileFate,
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

/** What is asked about files that are stored. Rejects like `FileService`. */
export interface FileLifeService {
  /** The projects of those files that there are. */
  places(files: FileIds, signal: AbortSignal | undefined): Promise<FilePlaces['places']>
  /** These three change only files of the projects that are named, and give one answer for each file, in the same order. */
  trash(change: FileChange, signal: AbortSignal | undefined): Promise<FileFate[]>
  restore(change: FileChange, signal: AbortSignal | undefined): Promise<FileFate[]>
  purge(change: FileChange, signal: AbortSignal | undefined): Promise<FileFate[]>
  listTrash(request: ListTrash, signal: AbortSignal | undefined): Promise<Trash>
  /** Whether the person may see the file, and may put one there, was decided before. */
  copy(request: CopyFile, signal: AbortSignal | undefined): Promise<StoredFile>
  importUrl(request: ImportUrl, signal: AbortSignal | undefined): Promise<ImportedFile>
  importStatus(reference: ImportReference, signal: AbortSignal | undefined): Promise<ImportedFile>
}

/**
 * Every method rejects with the file service's own error code, or with `REGISTRY_UNAVAILABLE` when it does not answer:
 * the request may have been carried out then, and may be repeated (promise P6).
 */
export interface FileService extends FileLifeService {
  begin(request: BeginUpload, signal: AbortSignal | undefined): Promise<BegunUpload>
  putInline(upload: InlineUpload, signal: AbortSignal | undefined): Promise<StoredFile>
  signParts(request: SignParts, signal: AbortSignal | undefined): Promise<SignedParts>
  listParts(reference: UploadReference, signal: AbortSignal | undefined): Promise<UploadedParts>
  listPending(query: ListPending, signal: AbortSignal | undefined): Promise<PendingUploads>
  findDuplicates(query: FindDuplicates, signal: AbortSignal | undefined): Promise<DuplicateOffers>
  /** Whether the person is in the project was decided before. */
  projectStorage(reference: ProjectReference, signal: AbortSignal | undefined): Promise<ProjectStorage>
  complete(request: CompleteUpload, signal: AbortSignal | undefined): Promise<StoredFile>
  abort(reference: UploadReference, signal: AbortSignal | undefined): Promise<AbortedUpload>
  /** One answer for each item, in the same order. Whether the person may see the file was decided before. */
  resolveUrls(items: readonly UrlRequest[], signal: AbortSignal | undefined): Promise<ResolvedUrl[]>
}
