/** What the demo found out about one file, and about all of them. */

import type { Transport } from '@studio/contracts/upload'

export interface FileResult {
  name: string
  /** `null` when the upload failed. */
  fileId: string | null
  bytes: number
  sha256: string
  transport: 'inline' | Transport['kind']
  /** From the first byte read to the server's word that the file is stored. */
  uploadMilliseconds: number | null
  /** From the same beginning to the moment at which the other person heard of it. */
  seenMilliseconds: number | null
  urlStatus: number | null
  anonymousStatus: number | null
  /** In words; empty when every check passed. */
  problems: string[]
}

export interface DemoResult {
  passed: boolean
  uploadedBy: string
  watchedBy: string
  project: string
  files: FileResult[]
  /** What is wrong beyond a single file. */
  problems: string[]
}
