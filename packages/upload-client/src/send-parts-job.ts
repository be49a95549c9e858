/** What it takes to send a file in parts. */
import type { FileId } from '@studio/contracts/file'
import type { PartPlan } from './part-states.ts'
import type { Patience } from './patience.ts'
import type { PauseGate } from './pause-gate.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

export interface SendPartsJob {
  surroundings: UploadSurroundings
  source: Blob
  fileId: FileId
  plan: PartPlan
  /** Nothing of it can have been sent before: nobody else knows its key. */
  isNew: boolean
  gate: PauseGate
  signal: AbortSignal
  /** With our servers, which sign and list. */
  patience: Patience
  /** With the store, which takes the bytes. */
  storePatience: Patience
  /** Bytes that are confirmed or on their way. */
  onProgress: (loaded: number) => void
}
