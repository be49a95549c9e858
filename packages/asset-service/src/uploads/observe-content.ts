/** Decides a file's type from its first bytes; what was declared only helps where bytes cannot tell. */
import { isTypeAllowed } from '@studio/contracts/file-type-policy'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUpload } from '@studio/contracts/upload'
import type { Inspection } from '../ports/content-inspector.ts'
import type { ObservedContent } from '../ports/file-registry.ts'

/** Says nothing, so whatever is seen is right. */
const UNSPECIFIC = 'application/octet-stream'

/** Formats inside these containers are told apart only by reading on, so a more exact declaration is kept. */
const CONTAINERS: ReadonlySet<string> = new Set(['application/zip', 'application/x-cfb', 'application/xml'])

/** Families whose formats all begin with a signature: without one, the declaration is wrong. */
const SIGNED_FAMILIES = ['image/', 'video/', 'audio/', 'font/'] as const

/** Formats of those families that are text or have no signature. */
const UNSIGNED_TYPES: ReadonlySet<string> = new Set([
  'image/svg+xml',
  'image/vnd.dxf',
  'audio/midi',
  'video/mp2t',
])

function familyOf(mimeType: string): string {
  return mimeType.slice(0, mimeType.indexOf('/') + 1)
}

function looksLikeText(head: Uint8Array): boolean {
  return !head.includes(0)
}

function typeWithoutSignature(declared: string, head: Uint8Array): string {
  if (UNSIGNED_TYPES.has(declared)) return declared
  if (SIGNED_FAMILIES.some((family) => declared.startsWith(family))) throw new StudioError('TYPE_MISMATCH')
  if (declared.startsWith('text/') && !looksLikeText(head)) throw new StudioError('TYPE_MISMATCH')
  return declared
}

/** An XML document is text as well, and may be called by the general name of its format. */
function isXml(mimeType: string): boolean {
  return mimeType === 'application/xml' || mimeType === 'text/xml' || mimeType.endsWith('+xml')
}

function typeWithSignature(declared: string, seen: string): string {
  if (declared === seen || declared === UNSPECIFIC) return seen
  if (CONTAINERS.has(seen) && familyOf(declared) === 'application/') return declared
  if (isXml(seen) && isXml(declared)) return seen
  if (isXml(seen) && declared.startsWith('text/')) return declared
  // An .mov sent as video/mp4, a WebP that a browser calls image/png: the same kind of thing, its exact type corrected.
  if (familyOf(declared) === familyOf(seen)) return seen
  // Audio and video share containers: MP4 and Ogg say which only deep inside.
  if (/^(audio|video)\//.test(declared) && /^(audio|video|application\/ogg)/.test(seen)) return declared
  throw new StudioError('TYPE_MISMATCH')
}

interface Observation {
  request: Pick<BeginUpload, 'mimeType' | 'usage'>
  head: Uint8Array
  inspection: Inspection
}

/**
 * The type that is kept and served. Throws `TYPE_NOT_ALLOWED` for a type that is refused by what is in it, and
 * `TYPE_MISMATCH` when the bytes are not what was declared. An empty file has no content to be dangerous, nor a type.
 */
export function observeContent({ request, head, inspection }: Observation): ObservedContent {
  const { mimeType: declared, usage } = request
  const { mimeType: seen, width, height } = inspection
  if (head.length === 0) {
    return { mimeType: declared.startsWith('text/') ? declared : UNSPECIFIC, width: null, height: null }
  }
  if (seen !== undefined && !isTypeAllowed(seen, usage)) throw new StudioError('TYPE_NOT_ALLOWED')
  const mimeType =
    seen === undefined ? typeWithoutSignature(declared, head) : typeWithSignature(declared, seen)
  return { mimeType, width, height }
}
