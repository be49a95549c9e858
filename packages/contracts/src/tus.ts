/** What both servers know of tus 1.0 (https://tus.io/protocols/resumable-upload): where it is, and whom an upload is for. */
import { z } from 'zod'
import { KIB, TUS_MAX_BYTES, TUS_METADATA_MAX_BYTES } from './limits.ts'
import { StudioError } from './studio-error.ts'
import { uploadRequestSchema } from './upload.ts'

/** Where tus uploads are made and found, at the Asset Service and at the BFF alike. */
export const TUS_PATH = '/tus'
export const TUS_ROUTES = [TUS_PATH, `${TUS_PATH}/:fileId`] as const

/** No GET: whether somebody may read a file is asked elsewhere. OPTIONS is everybody's question, and not about an upload. */
export const TUS_METHODS = ['POST', 'HEAD', 'PATCH', 'DELETE'] as const

export const TUS_EXTENSIONS = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'expiration',
  'termination',
  'checksum',
  'concatenation',
] as const

export const TUS_CHECKSUM_ALGORITHMS = ['md5', 'sha1', 'sha256'] as const

/** What OPTIONS answers (tus 1.0, "OPTIONS"): it says what a server can do before anybody has a token. */
export const TUS_DISCOVERY_HEADERS = {
  'tus-resumable': '1.0.0',
  'tus-version': '1.0.0',
  'tus-extension': TUS_EXTENSIONS.join(','),
  'tus-max-size': String(TUS_MAX_BYTES),
  'tus-checksum-algorithm': TUS_CHECKSUM_ALGORITHMS.join(','),
} as const

/** Request headers of the protocol and of its extensions. */
export const TUS_REQUEST_HEADERS = [
  'tus-resumable',
  'upload-length',
  'upload-offset',
  'upload-defer-length',
  'upload-metadata',
  'upload-concat',
  'upload-checksum',
  'x-http-method-override',
] as const

/** Answer headers of the protocol and of its extensions. */
export const TUS_ANSWER_HEADERS = [
  'location',
  'tus-resumable',
  'tus-version',
  'tus-extension',
  'tus-max-size',
  'tus-checksum-algorithm',
  'upload-length',
  'upload-offset',
  'upload-defer-length',
  'upload-metadata',
  'upload-concat',
  'upload-expires',
] as const

/** The method that a request means (tus 1.0, "X-HTTP-Method-Override"). */
export function tusMethodOf(method: string, override: string | null | undefined): string {
  return method === 'POST' && override ? override.toUpperCase() : method
}

export type TusMetadata = Readonly<Record<string, string | null>>

/** `key base64, key base64, key` (tus 1.0, "Upload-Metadata"). Throws `VALIDATION_FAILED`. */
export function parseUploadMetadata(header: string | null | undefined): TusMetadata {
  // Header values are Latin-1: as many bytes as characters.
  if (header && header.length > TUS_METADATA_MAX_BYTES) {
    throw new StudioError('VALIDATION_FAILED', {
      message: `Upload-Metadata: ${TUS_METADATA_MAX_BYTES / KIB} KiB at most`,
    })
  }
  const metadata: Record<string, string | null> = {}
  for (const pair of header?.split(',') ?? []) {
    const [key, value, ...rest] = pair.trim().split(' ')
    if (!key || rest.length > 0 || Object.hasOwn(metadata, key) || key === '__proto__') {
      throw new StudioError('VALIDATION_FAILED', {
        message: 'Upload-Metadata: not pairs of a name and base64',
      })
    }
    metadata[key] = value === undefined ? null : decodeBase64(value)
  }
  return metadata
}

function decodeBase64(value: string): string {
  const parsed = z.base64().safeParse(value)
  if (!parsed.success)
    throw new StudioError('VALIDATION_FAILED', { message: 'Upload-Metadata: a value is not base64' })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(atob(value), (character) => character.charCodeAt(0)),
    )
  } catch (cause) {
    throw new StudioError('VALIDATION_FAILED', { message: 'Upload-Metadata: a value is not UTF-8', cause })
  }
}

const targetSchema = uploadRequestSchema.pick({
  projectId: true,
  cardId: true,
  assetId: true,
  generationId: true,
})

/** Where an upload is to go, by its metadata. Throws `VALIDATION_FAILED`. */
export function uploadTargetOf(metadata: TusMetadata): z.infer<typeof targetSchema> {
  const given = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value))
  const parsed = targetSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const message = parsed.error.issues.map(
    (issue) => `Upload-Metadata: ${issue.path.join('.')}: ${issue.message}`,
  )
  throw new StudioError('VALIDATION_FAILED', { message: message.join('; '), cause: parsed.error })
}
