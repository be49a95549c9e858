import { fingerprintOf } from '@studio/upload-client/fingerprint'
import type { Upload, UploadClient } from '@studio/upload-client/upload-client'

/** What to remember of an upload, wherever you keep it. */
export interface Remembered {
  idempotencyKey: string
  fingerprint: string
}

/** The file was picked again after a reload: nothing is sent that the store has. `undefined`: it is another file. */
export async function goOn(
  client: UploadClient,
  file: File,
  { idempotencyKey, fingerprint }: Remembered,
): Promise<Upload | undefined> {
  if ((await fingerprintOf(file)) !== fingerprint) return undefined
  return client.createUpload({
    source: file,
    name: file.name,
    mimeType: file.type,
    target: { projectId: 'project00000001' },
    idempotencyKey,
  })
}
