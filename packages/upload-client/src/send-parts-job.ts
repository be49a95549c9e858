/** What it takes to send a file in parts. */
import type { FileId } from '@studio/contracts/file'
import type { PartPlan } from './part-states.ts'
import type { PauseGate } from './pause-gate.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

export interface SendPartsJob {
  surroundings: UploadSurroundings
  source: Blob
  fileId: FileId
  plan: PartPlan
  gate: PauseGate
  signal: AbortSignal
  /** Bytes that are confirmed or on their way. */
  onProgress: (loaded: number) => void
}
