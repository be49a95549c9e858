/** What a queue knows of one upload. */
import type { FileId } from '@studio/contracts/file'
import type { StoredFile } from '@studio/contracts/upload'
import type { UploadTarget } from '../upload-client.ts'
import type { UploadProgress } from '../upload-progress.ts'

/**
 * `waiting`: its file is not at hand, as `need` says. `offered`: the project has the same file already, and somebody has to say
 * whether it is sent all the same. `running`, `paused` and `queued` uploads have their file. `stored` and `failed` ones have
 * ended; a failed one may begin again.
 */
export type UploadPhase = 'queued' | 'running' | 'paused' | 'waiting' | 'offered' | 'stored' | 'failed'

/**
 * What brings a waiting upload's file back: leave to read the file that is known, or the file itself, picked again. `changed`:
 * it is not any more what it was when its upload began, so that whatever is picked is sent from the beginning.
 */
export type UploadNeed = 'permission' | 'file' | 'changed'

/** Who does not answer a running upload. */
export type UploadStall = 'connection' | 'storage'

/** A file of the project with the same content. */
export interface UploadOffer {
  file: StoredFile
  /** As many files were added together with this one, itself included. */
  among: number
}

export interface UploadItem {
  /** Of this upload in this queue, and among those that are kept for later. */
  id: string
  target: UploadTarget
  /** The target in words, for people: "Northern Lights · Moodboard". */
  place: string
  name: string
  size: number
  mimeType: string
  /** The folder it came in, `raw/day 1`; empty when it came alone. */
  path: string
  phase: UploadPhase
  stage: UploadProgress['phase']
  /** Bytes of the stage. */
  loaded: number
  /** Bytes a second over the last moments; `null` while nobody can tell. */
  speed: number | null
  /** Makes trying again harmless. A new one for each file, and after errors that stick to the old one. */
  idempotencyKey: string
  need: UploadNeed | null
  /** Why it stands still although it runs. */
  stalled: UploadStall | null
  offer: UploadOffer | null
  /** Bytes that an earlier begin of the same file had sent, when this one was recognised as it; `null` when it was not. */
  continuedFrom: number | null
  /** In words: why it failed, or why the file that was picked for it is not its file. */
  error: string | null
  /** Trying the same file again may help. */
  retryable: boolean
  /** Parts of it may be in the store already, from another page or an earlier try. */
  goesOn: boolean
  /** It goes on after the page has gone, without its file being picked again. */
  safe: boolean
  /** Begun by another browser: this one never had its file. */
  fromElsewhere: boolean
  fileId: FileId | null
  record: StoredFile['record'] | null
}

/** Is something still to be done for it? */
export function isActive({ phase }: UploadItem): boolean {
  return phase !== 'stored' && phase !== 'failed'
}

/** Bytes that have been sent, as far as one knows. */
export function sentBytes({ phase, stage, loaded, size }: UploadItem): number {
  if (phase === 'stored' || stage === 'finishing') return size
  return stage === 'uploading' ? Math.min(loaded, size) : 0
}

/** Whole percent of what is done; `null` where nobody can tell. */
export function percentOf(item: UploadItem): number | null {
  const { phase, stage, loaded, size } = item
  if (phase === 'stored') return 100
  if (phase === 'failed') return null
  if (phase === 'queued' && loaded === 0) return 0
  if (stage === 'finishing') return 100
  if (size === 0) return null
  // Reading the file is local and quick; it is shown as the first twentieth, so that the bar never runs backwards.
  const share = Math.min(1, loaded / size)
  return Math.floor(stage === 'hashing' ? share * 5 : 5 + share * 95)
}
