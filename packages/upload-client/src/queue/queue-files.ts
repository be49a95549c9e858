/** The files of a queue's uploads, as long as these are not stored, and by what each is recognised. */
import type { Fingerprint } from '@studio/contracts/upload'
import { fingerprintOf } from '../fingerprint.ts'
import type { QueuedFile } from './queued-file.ts'

export interface QueueFiles {
  get(id: string): QueuedFile | undefined
  set(id: string, file: QueuedFile): void
  /** Of an upload whose file is not at hand. */
  remember(id: string, fingerprint: string | null): void
  /** `null` when neither the file nor its fingerprint is known. Computed once. */
  fingerprint(id: string): Promise<string | null>
  letGo(ids: readonly string[]): void
}

export function createQueueFiles(): QueueFiles {
  const files = new Map<string, QueuedFile>()
  const fingerprints = new Map<string, Promise<string | null>>()
  return {
    get: (id) => files.get(id),
    set(id, file) {
      files.set(id, file)
    },
    remember(id, fingerprint) {
      fingerprints.set(id, Promise.resolve(fingerprint))
    },
    fingerprint(id) {
      const source = files.get(id)?.source
      const fingerprint =
        fingerprints.get(id) ?? (source ? fingerprintIfReadable(source) : Promise.resolve(null))
      fingerprints.set(id, fingerprint)
      return fingerprint
    },
    letGo(ids) {
      for (const id of ids) {
        files.delete(id)
        fingerprints.delete(id)
      }
    },
  }
}

/** From `size-lastModified-sha256`. */
export function fingerprintFields(fingerprint: string): Fingerprint {
  const [, lastModified = '0', sample = ''] = fingerprint.split('-')
  return { lastModified: Number(lastModified) || null, sample }
}

/** `null` for a file that cannot be read: its upload will say so. */
export function fingerprintIfReadable(source: QueuedFile['source']): Promise<string | null> {
  return fingerprintOf(source).catch(() => null)
}
