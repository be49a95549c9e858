/** What a browser keeps of an unfinished upload, so that it goes on after the page, or the browser, was closed. */
import { MIB } from '@studio/contracts/limits'
import type { UploadTarget } from '../upload-client.ts'

/** A file of this size is kept with its bytes where there is no handle: larger ones would fill the browser's storage. */
export const KEPT_BYTES_MAX = 16 * MIB

/** Where the file is to be found again. */
export type KeptSource =
  | { kind: 'handle'; handle: FileHandle }
  | { kind: 'bytes'; bytes: Blob }
  /** Nowhere: the person has to pick it again. */
  | { kind: 'none' }

export interface PendingUpload {
  id: string
  target: UploadTarget
  place: string
  name: string
  size: number
  mimeType: string
  path: string
  idempotencyKey: string
  /** As `fingerprintOf` says; `null` when the file could not be read, or when only a server knows the upload. */
  fingerprint: string | null
  /** It was paused. */
  held: boolean
  source: KeptSource
}

type PermissionDescriptor = { mode: 'read' }

/** A file handle with the parts of the File System Access draft that TypeScript does not know ("Permissions", section 2.2). */
export interface FileHandle extends FileSystemFileHandle {
  /** Only where a handle may lose its permission. */
  queryPermission?: (descriptor: PermissionDescriptor) => Promise<PermissionState>
  requestPermission?: (descriptor: PermissionDescriptor) => Promise<PermissionState>
}

/** Unfinished uploads of one person in this browser. Nothing of it rejects: what cannot be kept is only not kept. */
export interface PendingStore {
  /** Resolves to whether it was kept, with its file if it came with one. */
  keep(upload: PendingUpload): Promise<boolean>
  change(id: string, change: Partial<Pick<PendingUpload, 'idempotencyKey' | 'held'>>): Promise<void>
  forget(ids: readonly string[]): Promise<void>
  /** Of this person, in all pages. */
  forgetAll(): Promise<void>
  /** The idempotency keys of all that is kept, by whichever page. */
  keys(): Promise<ReadonlySet<string>>
  /**
   * Hands over the uploads that no living page works on: once, and again whenever a page has ended without them. An upload
   * is handed to one page only. Returns how to stop.
   */
  adopt(onAdopted: (uploads: readonly PendingUpload[]) => void): () => void
}
