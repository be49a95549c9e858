/** What kind of file it is: for words, for icons, and for what the viewer can show. */
import { isInlineType } from '@studio/contracts/file-type-policy'
import {
  FileArchive,
  FileAudio,
  FileImage,
  FileText,
  FileVideo,
  File as FilePlain,
  type LucideIcon,
} from 'lucide-react'

/** How the viewer shows a file; `none` for what a browser does not show without running something of it. */
export type Preview = 'image' | 'video' | 'audio' | 'none'

/** Only types that are served `inline`: everything else arrives as an attachment, which no element shows. */
export function previewOf(mimeType: string): Preview {
  if (!isInlineType(mimeType)) return 'none'
  const family = mimeType.split('/')[0]
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'none'
}

const NAMES: Record<string, string> = {
  'application/pdf': 'PDF document',
  'application/zip': 'ZIP archive',
  'application/json': 'JSON file',
  'application/octet-stream': 'File',
  'text/plain': 'Text file',
  'text/markdown': 'Markdown file',
  'text/csv': 'CSV table',
  'image/jpeg': 'JPEG image',
  'image/webp': 'WebP image',
  'image/svg+xml': 'SVG image',
  'audio/mpeg': 'MP3 audio',
  'video/quicktime': 'QuickTime video',
}

const FAMILIES: Record<string, string> = { image: 'image', video: 'video', audio: 'audio', font: 'font' }

/** `PNG image`, `MP4 video`; the bare MIME type where no words are better. */
export function typeName(mimeType: string): string {
  const known = NAMES[mimeType]
  if (known !== undefined) return known
  const [family = '', subtype = ''] = mimeType.split('/')
  const word = FAMILIES[family]
  return word === undefined ? mimeType : `${subtype.replace(/^x-/, '').toUpperCase()} ${word}`
}

/** The icon of a type. */
export function typeIcon(mimeType: string): LucideIcon {
  const family = mimeType.split('/')[0]
  if (family === 'image') return FileImage
  if (family === 'video') return FileVideo
  if (family === 'audio') return FileAudio
  if (family === 'text' || mimeType === 'application/pdf') return FileText
  return /zip|tar|compressed|archive/.test(mimeType) ? FileArchive : FilePlain
}
