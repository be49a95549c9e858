/** The `Content-Disposition` of a file: shown in the page or saved, under its own name in any script. */
import { create } from 'content-disposition'
import type { Disposition } from '@studio/contracts/delivery'
import { isInlineType } from '@studio/contracts/file-type-policy'

/** NAME_MAX of the common file systems: longer names could not be saved. */
const SAVED_NAME_MAX_BYTES = 255

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Shortens a name between graphemes and keeps its extension. */
export function savedName(name: string): string {
  if (utf8Length(name) <= SAVED_NAME_MAX_BYTES) return name
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? ''
  let kept = ''
  for (const { segment } of graphemes.segment(name.slice(0, name.length - extension.length))) {
    if (utf8Length(kept + segment + extension) > SAVED_NAME_MAX_BYTES) break
    kept += segment
  }
  return kept + extension
}

interface NamedFile {
  name: string
  mimeType: string
}

/**
 * The header's value in ASCII, with the name by RFC 8187 where it needs more. `inline` is given only to types that a page
 * can show without running anything.
 */
export function contentDisposition(file: NamedFile, wanted: Disposition): string {
  const type = wanted === 'inline' && isInlineType(file.mimeType) ? 'inline' : 'attachment'
  const name = savedName(file.name)
  const fallback = name.replace(/[^\x20-\x7e]/gu, '?').replace(/["%\\]/g, '_')
  return create(name, { type, fallback })
}
