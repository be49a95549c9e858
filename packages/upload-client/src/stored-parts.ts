/** What the store has of an upload already. */
import type { SendPartsJob } from './send-parts-job.ts'
import type { CallOptions } from './upload-api.ts'

/** `other`: this part with another digest, so of another content. */
export type StoredPart = 'same' | 'other' | 'absent'
export type FindStoredPart = (partNumber: number, sha256: string) => StoredPart

export interface StoredParts {
  /** As it was when the upload began here: asked for while the first parts are read, and not at all for a new one. */
  atFirst: Promise<FindStoredPart>
  now(): Promise<FindStoredPart>
}

/** An assembled object has all parts: only `complete`, whose answer was lost, is to be repeated. */
export function createStoredParts(
  { surroundings: { files }, fileId, isNew }: SendPartsJob,
  call: <Answer>(operation: (options: CallOptions) => Promise<Answer>) => Promise<Answer>,
): StoredParts {
  async function list(): Promise<FindStoredPart> {
    const { assembled = false, parts } = await call((options) => files.listParts({ fileId }, options))
    const digests = new Map(parts.map(({ partNumber, sha256 }) => [partNumber, sha256]))
    return (partNumber, sha256) => {
      if (assembled) return 'same'
      const digest = digests.get(partNumber)
      if (digest === undefined) return 'absent'
      return digest === sha256 ? 'same' : 'other'
    }
  }
  const atFirst: Promise<FindStoredPart> = isNew ? Promise.resolve(() => 'absent') : list()
  // Whoever waits for it hears of a failure.
  atFirst.catch(() => undefined)
  return { atFirst, now: list }
}
