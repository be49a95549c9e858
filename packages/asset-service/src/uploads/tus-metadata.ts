/** Reads what a plain tus client says of its file (`Upload-Metadata`) as the request that every transport begins with. */
import { randomUUID } from 'node:crypto'
import { StudioError } from '@studio/contracts/studio-error'
import type { TusMetadata } from '@studio/contracts/tus'
import { uploadRequestSchema, type BeginUpload } from '@studio/contracts/upload'

/** Names that tus clients use for the same thing: the first are the protocol's examples, the others Uppy's. */
const NAME_KEYS = ['filename', 'name'] as const
const TYPE_KEYS = ['filetype', 'type'] as const
const SAME_KEYS = ['projectId', 'cardId', 'assetId', 'generationId', 'usage', 'path', 'sha256'] as const

const UNKNOWN_TYPE = 'application/octet-stream'

function firstOf(metadata: TusMetadata, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = metadata[key]
    if (value) return value
  }
  return undefined
}

/** tus knows no idempotency: each POST is an upload of its own. Throws `VALIDATION_FAILED`, with what is wrong. */
export function requestOfMetadata(metadata: TusMetadata, size: number): BeginUpload {
  const parsed = uploadRequestSchema.safeParse({
    ...Object.fromEntries(SAME_KEYS.flatMap((key) => (metadata[key] ? [[key, metadata[key]]] : []))),
    idempotencyKey: `tus-${randomUUID()}`,
    name: firstOf(metadata, NAME_KEYS),
    mimeType: firstOf(metadata, TYPE_KEYS) ?? UNKNOWN_TYPE,
    size,
  })
  if (parsed.success) return parsed.data
  const message = parsed.error.issues
    .map((issue) => `Upload-Metadata: ${issue.path.join('.')}: ${issue.message}`)
    .join('; ')
  throw new StudioError('VALIDATION_FAILED', { message, cause: parsed.error })
}
