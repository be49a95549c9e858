/** Recognises types by their signatures, files that are two things at once, and reads the size of a picture from its header. */
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import type { ContentInspector } from '../ports/content-inspector.ts'
import { findBehindZip, findSecondType } from './second-type.ts'

/** Names that `file-type` gives, where contracts and browsers say another for the same thing. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['application/x.ms.shortcut', 'application/x-ms-shortcut'],
  ['audio/x-m4a', 'audio/mp4'],
  ['video/x-m4v', 'video/mp4'],
  ['video/mp1s', 'video/mpeg'],
  ['video/mp2p', 'video/mpeg'],
])

/** How a document or a script of interest begins: decoding what is neither would take a millisecond for nothing. */
const TEXT_BEGINNING = /^[\s<#]/
/** A byte order mark, which the decoder removes, and the longest character that counts as a space. */
const TEXT_BEGINNING_BYTES = 6

const SHELL_SCRIPT = /^#![^\n]*\b(?:ba|da|k|z|c|tc)?sh\b/

/** What may stand before the root element of an XML document (XML 1.0, section 2.8), one piece at a time. */
const XML_PROLOG = /\s+|<\?[^>]*\?>|<!--[^]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>/y
const SVG_ROOT = /<(?:[\w-]+:)?svg[\s/>]/y

const COMPOUND_FILE = 'application/x-cfb'
/** The class of an installer's root storage, {000C1084-0000-0000-C000-000000000046}. */
const INSTALLER_CLASS = Buffer.from('84100c0000000000c000000000000046', 'hex')

/** Sizes beyond this are lies, and more than the registry's columns hold. PNG allows no more (PNG, section 7.1). */
const MAX_PIXELS = 2 ** 31 - 1
/** From here on the EXIF orientations lie on their side (Exif 2.32, tag 274). */
const FIRST_SIDEWAYS_ORIENTATION = 5

interface Pixels {
  width: number
  height: number
}

function isSvg(text: string): boolean {
  let at = 0
  for (;;) {
    XML_PROLOG.lastIndex = at
    if (!XML_PROLOG.test(text)) break
    at = XML_PROLOG.lastIndex
  }
  SVG_ROOT.lastIndex = at
  return SVG_ROOT.test(text)
}

/** Windows installers are compound files whose root says so ([MS-CFB], sections 2.2 and 2.6.1). */
function isInstaller(bytes: Uint8Array): boolean {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512))
  if (header.length < 512) return false
  const root = (header.readUInt32LE(48) + 1) * 2 ** header.readUInt16LE(30)
  return Buffer.from(bytes.subarray(root + 80, root + 96)).equals(INSTALLER_CLASS)
}

async function recognise(bytes: Uint8Array): Promise<string | undefined> {
  // What ends in the middle of a structure is an error to the library; it is merely unknown.
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  const essence = found?.mime.split(';')[0]?.toLowerCase()
  if (essence === COMPOUND_FILE && isInstaller(bytes)) return 'application/x-msi'
  if (essence !== undefined && essence !== 'application/xml') return ALIASES.get(essence) ?? essence
  if (!TEXT_BEGINNING.test(new TextDecoder().decode(bytes.subarray(0, TEXT_BEGINNING_BYTES)))) return essence
  const text = new TextDecoder().decode(bytes)
  if (isSvg(text)) return 'image/svg+xml'
  if (SHELL_SCRIPT.test(text)) return 'application/x-sh'
  return essence
}

/**
 * Is the picture turned by a quarter? HEIF and AVIF say so in a property of their own: a box of nine bytes, the last of
 * which holds the quarters (ISO/IEC 23008-12, section 6.5.10).
 */
function isTurnedInBox(bytes: Uint8Array): boolean {
  const at = Buffer.from(bytes.buffer).indexOf('\0\0\0\x09irot', 0, 'latin1')
  return at >= 0 && (bytes[at + 8] ?? 0) % 2 === 1
}

function measure(bytes: Uint8Array, mimeType: string): Pixels | undefined {
  try {
    const { width, height, orientation = 1 } = imageSize(bytes)
    const isPlausible = [width, height].every(
      (side) => Number.isInteger(side) && side > 0 && side <= MAX_PIXELS,
    )
    if (!isPlausible) return undefined
    const isTurned = /^image\/(?:avif|heic|heif)/.test(mimeType)
      ? isTurnedInBox(bytes)
      : orientation >= FIRST_SIDEWAYS_ORIENTATION
    return isTurned ? { width: height, height: width } : { width, height }
  } catch {
    // Thrown for every header that is cut short or contradicts itself.
    return undefined
  }
}

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length)

async function alsoIs(
  first: string | undefined,
  sample: { head: Buffer; tail: Buffer },
): Promise<string | undefined> {
  const second = findSecondType({ first, ...sample })
  if (second !== undefined) return second
  const behind = findBehindZip(sample)
  return behind === undefined ? undefined : recognise(new Uint8Array(behind))
}

/** The inspector; it keeps nothing between files. */
export function createContentInspector(): ContentInspector {
  return {
    async inspect(head, tail = head) {
      // A copy with a buffer of its own: `image-size` reads past the end of a view, into what others left in the pool.
      const bytes = new Uint8Array(head)
      const mimeType = await recognise(bytes)
      const pixels = mimeType?.startsWith('image/') ? measure(bytes, mimeType) : undefined
      const secondType = await alsoIs(mimeType, { head: asBuffer(bytes), tail: asBuffer(tail) })
      return {
        mimeType,
        width: pixels?.width ?? null,
        height: pixels?.height ?? null,
        ...(secondType !== undefined && { secondType }),
      }
    },
  }
}
