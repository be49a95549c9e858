/** Tells which of the waiting uploads a file that was picked again belongs to. */
import { fingerprintIfReadable } from './queue-files.ts'
import type { QueuedFile } from './queued-file.ts'
import type { UploadItem } from './upload-item.ts'

/** A waiting upload and what is known of its file. */
export interface Wanted {
  item: UploadItem
  /** `null` when only its name and size are known. */
  fingerprint: string | null
}

/** The first upload whose file this is. Reads the file only where its size fits. */
export async function recogniseFile(
  file: QueuedFile,
  wanted: readonly Wanted[],
): Promise<Wanted | undefined> {
  const fitting = wanted.filter(({ item }) => item.size === file.source.size)
  if (fitting.length === 0) return undefined
  const fingerprint = await fingerprintIfReadable(file.source)
  return fitting.find((one) =>
    one.fingerprint === null ? one.item.name === file.name : one.fingerprint === fingerprint,
  )
}
