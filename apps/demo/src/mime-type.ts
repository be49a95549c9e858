/** What a file is believed to be by its name; the Asset Service looks into it. */
import mime from 'mime'

/** `application/octet-stream` for an extension that nobody knows. */
export function mimeTypeOf(name: string): string {
  return mime.getType(name) ?? 'application/octet-stream'
}
