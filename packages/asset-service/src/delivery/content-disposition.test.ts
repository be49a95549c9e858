/** Names in `Content-Disposition`. */
import fc from 'fast-check'
import { parse } from 'content-disposition'
import { describe, expect, test } from 'vitest'
import { contentDisposition, savedName } from './content-disposition.ts'

describe('contentDisposition', () => {
  test('carries any name in ASCII, and gives it back', () => {
    const name = 'présentation 最終版 🎬.mp4'
    const header = contentDisposition({ name, mimeType: 'video/mp4' }, 'attachment')
    expect(header).toMatch(/^[\x20-\x7e]+$/)
    expect(parse(header)).toMatchObject({ type: 'attachment', parameters: { filename: name } })
  })

  test('is inline only for types that cannot run anything', () => {
    expect(contentDisposition({ name: 'a.png', mimeType: 'image/png' }, 'inline')).toMatch(/^inline;/)
    expect(contentDisposition({ name: 'a.png', mimeType: 'image/png' }, 'attachment')).toMatch(/^attachment;/)
    for (const mimeType of ['text/html', 'image/svg+xml', 'application/xml', 'application/pdf']) {
      expect(contentDisposition({ name: 'a', mimeType }, 'inline')).toMatch(/^attachment;/)
    }
  })

  test('survives every name: one header line, printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (name) => {
        const header = contentDisposition({ name, mimeType: 'image/png' }, 'inline')
        expect(header).toMatch(/^[\x20-\x7e]+$/)
        expect(parse(header).parameters['filename']).toBe(savedName(name))
      }),
    )
  })
})

describe('savedName', () => {
  test('shortens a name of 300 families between families and keeps the extension', () => {
    const family = '👨‍👩‍👧‍👦'
    const saved = savedName(`${family.repeat(300)}.png`)
    expect(Buffer.byteLength(saved)).toBeLessThanOrEqual(255)
    expect(saved.replaceAll(family, '')).toBe('.png')
  })
})
