/** Which type a file gets, by what was declared and what was seen. */
import { describe, expect, test } from 'vitest'
import { observeContent } from './observe-content.ts'

const BYTES = new Uint8Array([1, 2, 3])
const observe = (declared: string, seen: string | undefined, head: Uint8Array = BYTES) =>
  observeContent({
    request: { mimeType: declared, usage: 'attachment' },
    head,
    inspection: { mimeType: seen, width: null, height: null },
  }).mimeType

describe('the type that is kept', () => {
  test.each([
    ['image/png', 'image/png', 'image/png'],
    ['image/png', 'image/webp', 'image/webp'],
    ['video/mp4', 'video/quicktime', 'video/quicktime'],
    ['application/octet-stream', 'image/png', 'image/png'],
    ['application/octet-stream', undefined, 'application/octet-stream'],
    [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/zip',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['application/zip', 'application/zip', 'application/zip'],
    ['audio/mp4', 'video/mp4', 'audio/mp4'],
    ['text/markdown', undefined, 'text/markdown'],
    ['application/xml', 'image/svg+xml', 'image/svg+xml'],
    ['text/plain', 'application/xml', 'text/plain'],
    ['image/svg+xml', 'image/svg+xml', 'image/svg+xml'],
    ['application/x-blender', undefined, 'application/x-blender'],
  ])('is for %s, seen as %s, %s', (declared, seen, kept) => {
    expect(observe(declared, seen)).toBe(kept)
  })

  test.each([
    ['image/png', undefined, 'application/octet-stream'],
    ['video/mp4', undefined, 'application/octet-stream'],
    ['image/png', 'application/zip', 'application/zip'],
    ['image/png', 'application/pdf', 'application/pdf'],
    ['video/mp4', 'image/jpeg', 'image/jpeg'],
    ['text/plain', 'image/png', 'image/png'],
    ['text/html', 'image/svg+xml', 'image/svg+xml'],
  ])('is what the bytes are when %s turns out to be %s: %s', (declared, seen, kept) => {
    expect(observe(declared, seen)).toBe(kept)
  })

  test.each([
    ['image/png', 'application/x-msdownload'],
    ['application/octet-stream', 'application/x-elf'],
  ])('is refused when %s turns out to be a program: %s', (declared, seen) => {
    expect(() => observe(declared, seen)).toThrow(expect.objectContaining({ code: 'TYPE_NOT_ALLOWED' }))
  })

  test('is not text when there are zero bytes in it', () => {
    expect(observe('text/plain', undefined, new Uint8Array([65, 0, 66]))).toBe('application/octet-stream')
  })

  test('of an empty file is text when that was said, and unspecific otherwise', () => {
    expect(observe('text/csv', undefined, new Uint8Array())).toBe('text/csv')
    expect(observe('image/png', undefined, new Uint8Array())).toBe('application/octet-stream')
  })

  test('of a thumbnail has to be an image, whatever was declared', () => {
    const unknown = { mimeType: undefined, width: null, height: null }
    const claimed = { mimeType: 'image/png', usage: 'thumbnail' as const }
    expect(() => observeContent({ request: claimed, head: BYTES, inspection: unknown })).toThrow(
      expect.objectContaining({ code: 'TYPE_NOT_ALLOWED' }),
    )
    expect(() =>
      observeContent({
        request: { mimeType: 'application/octet-stream', usage: 'thumbnail' },
        head: BYTES,
        inspection: { mimeType: 'application/pdf', width: null, height: null },
      }),
    ).toThrow(expect.objectContaining({ code: 'TYPE_NOT_ALLOWED' }))
  })
})
