/** Decides a file's type from its first bytes; what was declared only helps where bytes cannot tell. */
import { isTypeAllowed } from '@studio/contracts/file-type-policy'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUpload } from '@studio/contracts/upload'
import type { Inspection } from '../ports/content-inspector.ts'
import type { ObservedContent } from '../ports/file-registry.ts'
import type { Ports } from '../ports/ports.ts'

/** Bytes that nothing is known of: stored, and never shown inside a page. */
const UNKNOWN = 'application/octet-stream'

/** Formats inside these containers are told apart only by reading on, so a more exact declaration is kept. */
const CONTAINERS: ReadonlySet<string> = new Set(['application/zip', 'application/x-cfb'])

/** Families whose formats all begin with a signature: bytes without one are none of them, whatever the name says. */
const SIGNED_FAMILIES = ['image/', 'video/', 'audio/', 'font/'] as const

/** Formats of those families that are text or have no signature. */
const UNSIGNED_TYPES: ReadonlySet<string> = new Set(['image/vnd.dxf', 'audio/midi', 'video/mp2t'])

function looksLikeText(head: Uint8Array): boolean {
  return !head.includes(0)
}

/** An XML document is text as well, and may be called by the general name of its format. */
function isXml(mimeType: string): boolean {
  return mimeType === 'application/xml' || mimeType === 'text/xml' || mimeType.endsWith('+xml')
}

function typeWithoutSignature(declared: string, head: Uint8Array): string {
  if (UNSIGNED_TYPES.has(declared)) return declared
  if (SIGNED_FAMILIES.some((family) => declared.startsWith(family))) return UNKNOWN
  if (declared.startsWith('text/') && !looksLikeText(head)) return UNKNOWN
  return declared
}

function typeWithSignature(declared: string, seen: string): string {
  if (CONTAINERS.has(seen) && declared.startsWith('application/') && declared !== UNKNOWN) return declared
  if (isXml(seen) && declared.startsWith('text/') && declared !== 'text/html') return declared
  // Audio and video share containers: MP4 and Ogg say which only deep inside.
  if (/^(audio|video)\//.test(declared) && /^((audio|video)\/|application\/ogg)/.test(seen)) {
    return declared.startsWith('audio/') && !seen.startsWith('audio/') ? declared : seen
  }
  return seen
}

interface Observation {
  request: Pick<BeginUpload, 'mimeType' | 'usage'>
  head: Uint8Array
  inspection: Inspection
  /** `attachment` when absent. */
  polyglots?: Ports['polyglots']
}

/** What else a file is has to be allowed as well, and two things at once may be one too many. */
function checkSecondType(second: string | undefined, { request, polyglots }: Observation): void {
  if (second === undefined) return
  // A program in a picture is a program; what else may not be a thumbnail is no reason to call it one.
  if (!isTypeAllowed(second, 'attachment')) throw new StudioError('TYPE_NOT_ALLOWED')
  if (polyglots === 'refuse' || !isTypeAllowed(second, request.usage)) throw new StudioError('FILE_AMBIGUOUS')
}

/**
 * The type that is kept and served: a name, and the type a browser guesses from it, never decides. Throws
 * `TYPE_NOT_ALLOWED` when what is in the file may not be stored for this usage, and `FILE_AMBIGUOUS` for what is two things at
 * once where that is refused. An empty file has no content to be
 * dangerous, nor a type.
 */
export function observeContent(observation: Observation): ObservedContent {
  const { request, head, inspection } = observation
  const { mimeType: declared, usage } = request
  const { mimeType: seen, width, height, secondType } = inspection
  if (head.length === 0) {
    return { mimeType: declared.startsWith('text/') ? declared : UNKNOWN, width: null, height: null }
  }
  // What was seen decides whether it may come in, also where a more exact declaration is kept.
  if (seen !== undefined && !isTypeAllowed(seen, usage)) throw new StudioError('TYPE_NOT_ALLOWED')
  const mimeType =
    seen === undefined ? typeWithoutSignature(declared, head) : typeWithSignature(declared, seen)
  if (!isTypeAllowed(mimeType, usage)) throw new StudioError('TYPE_NOT_ALLOWED')
  checkSecondType(secondType, observation)
  return { mimeType, width, height, ...(secondType !== undefined && { secondType }) }
}
