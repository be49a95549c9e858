/** Which types may be stored for which usage, and which may be shown inside a page. */
import type { FileUsage } from './file.ts'

/** Programs: nobody's creative work, and the first thing a stolen account would spread. */
const REFUSED_TYPES: ReadonlySet<string> = new Set([
  'application/x-msdownload',
  'application/vnd.microsoft.portable-executable',
  'application/x-dosexec',
  'application/x-executable',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-sh',
  'application/x-msi',
  'application/x-apple-diskimage',
  'application/java-archive',
  'application/vnd.android.package-archive',
  'application/x-ms-shortcut',
  'application/java-vm',
  'application/x-deb',
  'application/x-rpm',
  'application/x-google-chrome-extension',
  'application/x-shockwave-flash',
])

/** A picture of something has to be a picture. */
const IMAGE_USAGES: ReadonlySet<FileUsage> = new Set(['thumbnail', 'preview', 'avatar'])

/** Types that a browser shows without running anything of the file's: the only ones ever served `inline`. */
const INLINE_TYPES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/apng',
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'audio/flac',
  'text/plain',
])

/** May a file of this type be stored for this usage? */
export function isTypeAllowed(mimeType: string, usage: FileUsage): boolean {
  if (REFUSED_TYPES.has(mimeType)) return false
  return !IMAGE_USAGES.has(usage) || mimeType.startsWith('image/')
}

/** May a file of this type be shown inside a page? All others are served as attachments. */
export function isInlineType(mimeType: string): boolean {
  return INLINE_TYPES.has(mimeType)
}
