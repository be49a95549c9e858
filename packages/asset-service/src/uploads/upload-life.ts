/** How long an upload's URLs and its row live, and when that is worth a write. */
import { UPLOAD_LIFE_SECONDS, UPLOAD_URL_SECONDS } from '@studio/contracts/limits'
import type { FileRow } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'
import { secondsFrom } from '../seconds-from.ts'

/** Noted further ahead than URLs live, so that not every batch of URLs costs a statement. */
const WRITABLE_AHEAD_SECONDS = 4 * UPLOAD_URL_SECONDS

export interface UploadLife {
  writableUntil: Date
  expiresAt: Date
}

/** The life of an upload that shows itself now. */
export function lifeFrom(now: Date): UploadLife {
  return {
    writableUntil: secondsFrom(now, WRITABLE_AHEAD_SECONDS),
    expiresAt: secondsFrom(now, UPLOAD_LIFE_SECONDS),
  }
}

/** Before a URL leaves, the registry knows until when it works: an expired row is forgotten only after that. */
export async function coverNewUrls(ports: Ports, row: FileRow): Promise<void> {
  const now = ports.now()
  if (secondsFrom(now, UPLOAD_URL_SECONDS) <= row.writableUntil) return
  await ports.registry.extend(row.fileId, lifeFrom(now))
}
