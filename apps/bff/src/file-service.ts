/** What the BFF asks of the service that keeps the files, always as one person. */
import type { ResolvedUrl, UrlRequest } from '@studio/contracts/delivery'
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

/**
 * Every method rejects with the file service's own error code, or with `REGISTRY_UNAVAILABLE` when it does not answer:
 * the request may have been carried out then, and may be repeated (promise P6).
 */
export interface FileService {
  begin(request: BeginUpload, signal: AbortSignal | undefined): Promise<BegunUpload>
  putInline(upload: InlineUpload, signal: AbortSignal | undefined): Promise<StoredFile>
  signParts(request: SignParts, signal: AbortSignal | undefined): Promise<SignedParts>
  listParts(reference: UploadReference, signal: AbortSignal | undefined): Promise<UploadedParts>
  complete(request: CompleteUpload, signal: AbortSignal | undefined): Promise<StoredFile>
  abort(reference: UploadReference, signal: AbortSignal | undefined): Promise<AbortedUpload>
  /** One answer for each item, in the same order. Whether the person may see the file was decided before. */
  resolveUrls(items: readonly UrlRequest[], signal: AbortSignal | undefined): Promise<ResolvedUrl[]>
}
