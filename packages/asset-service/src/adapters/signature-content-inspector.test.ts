/** Tests of what is recognised in the first bytes of a file. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INSPECTED_BYTES } from '../ports/content-inspector.ts'
import { createContentInspector } from './signature-content-inspector.ts'

const inspector = createContentInspector()
const nothing = { mimeType: undefined, width: null, height: null }

const base64 = (text: string): Buffer => Buffer.from(text, 'base64')
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** The smallest PNG that says its size; the sums of its chunks are not looked at. */
function png(width: number, height: number): Buffer {
  const ihdr = [
    uint32(13),
    latin1('IHDR'),
    uint32(width),
    uint32(height),
    Buffer.from([8, 6, 0, 0, 0]),
    uint32(0),
  ]
  const idat = [uint32(0), latin1('IDAT'), uint32(0)]
  return Buffer.concat([latin1('\x89PNG\r\n\x1a\n'), ...ihdr, ...idat, uint32(0), latin1('IEND'), uint32(0)])
}

/** A JPEG of 3 by 2 pixels up to its frame header, with an EXIF orientation (Exif 2.32, tag 274). */
function jpeg(orientation: number): Buffer {
  const tiff = Buffer.concat([
    latin1('II*\0'),
    Buffer.from([8, 0, 0, 0, 1, 0]),
    Buffer.from([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]),
    uint32(0),
  ])
  const exif = Buffer.concat([latin1('Exif\0\0'), tiff])
  const app1 = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif])
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0])
  return Buffer.concat([Buffer.from([0xff, 0xd8]), app1, frame, Buffer.from([0xff, 0xd9])])
}

// Made by libvips: 3 by 2 pixels, all red.
const GIF = base64('R0lGODlhAwACAIAAAExpcf8AACH5BAUAAAAALAAAAAADAAIAAAICjF8AOw==')
const WEBP = base64('UklGRjIAAABXRUJQVlA4ICYAAABwAQCdASoDAAIADMDOJaACdAFAAAD+3FHSXS5Df6u/O36ntgAAAA==')
const WEBP_LOSSLESS = base64('UklGRhwAAABXRUJQVlA4TA8AAAAvAkAAAAcQ/Y/+ByKi/wEA')
const AVIF = base64(
  'AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAANZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAAA+gABAAAAAAAAACEAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABhdjAxAAAAAA5waXRtAAAAAAABAAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgSACAAAAABRpc3BlAAAAAAAAAAMAAAACAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAgMAAAApbWRhdBIACgg4BCtICGg0gDITH/JihOAAFgAAkDWOPFC4DEIAkA==',
)
const TIFF = base64(
  'SUkqABQAAACAP8AQOCQOBQWCQEAQAAABAwABAAAAAwAAAAEBAwABAAAAAgAAAAIBAwADAAAA6gAAAAMBAwABAAAABQAAAAYBAwABAAAAAgAAABEBBAABAAAACAAAABIBAwABAAAAAQAAABUBAwABAAAAAwAAABYBAwABAAAAAAEAABcBBAABAAAADAAAABoBBQABAAAA2gAAABsBBQABAAAA4gAAABwBAwABAAAAAQAAACgBAwABAAAAAgAAAD0BAwABAAAAAgAAAFMBAwADAAAA8AAAAAAAAAAzM8sAAAAIADMzywAAAAgACAAIAAgAAQABAAEA',
)

/** The property of a turned picture put where this one has the box that says its bits, which is not needed here. */
function turnedAvif(quarters: number): Buffer {
  const pixi = AVIF.indexOf('pixi') - 4
  const turned = Buffer.concat([uint32(9), latin1('irot'), Buffer.from([quarters])])
  const rest = Buffer.concat([uint32(7), latin1('fre')])
  return Buffer.concat([
    AVIF.subarray(0, pixi),
    turned,
    rest,
    AVIF.subarray(pixi + turned.length + rest.length),
  ])
}

describe('a picture', () => {
  it.each<[string, string, Buffer]>([
    ['PNG', 'image/png', png(3, 2)],
    ['JPEG', 'image/jpeg', jpeg(1)],
    ['GIF', 'image/gif', GIF],
    ['WebP', 'image/webp', WEBP],
    ['lossless WebP', 'image/webp', WEBP_LOSSLESS],
    ['AVIF', 'image/avif', AVIF],
    ['TIFF', 'image/tiff', TIFF],
    ['SVG', 'image/svg+xml', latin1('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>')],
    ['SVG by its view box', 'image/svg+xml', latin1('<svg viewBox="0 0 3 2"></svg>')],
    [
      'SVG with a prolog',
      'image/svg+xml',
      latin1('<?xml version="1.0"?>\n<!-- > -->\n<svg width="3" height="2"/>'),
    ],
    [
      'SVG with a document type',
      'image/svg+xml',
      latin1('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg width="3" height="2"/>'),
    ],
    ['SVG with a byte order mark', 'image/svg+xml', Buffer.from('\uFEFF<svg width="3" height="2"/>')],
  ])('in %s is recognised, with its size', async (_name, mimeType, bytes) => {
    expect(await inspector.inspect(bytes)).toEqual({ mimeType, width: 3, height: 2 })
  })

  it.each([1, 2, 3, 4])('keeps its size in EXIF orientation %d', async (orientation) => {
    expect(await inspector.inspect(jpeg(orientation))).toMatchObject({ width: 3, height: 2 })
  })

  it.each([5, 6, 7, 8])('is as high as it was wide in EXIF orientation %d', async (orientation) => {
    expect(await inspector.inspect(jpeg(orientation))).toMatchObject({ width: 2, height: 3 })
  })

  it.each([
    [0, { width: 3, height: 2 }],
    [1, { width: 2, height: 3 }],
    [2, { width: 3, height: 2 }],
    [3, { width: 2, height: 3 }],
  ])('in AVIF, turned by %d quarters, has the size as it is shown', async (quarters, size) => {
    expect(await inspector.inspect(turnedAvif(quarters))).toMatchObject({ mimeType: 'image/avif', ...size })
  })

  it.each([
    [0, 2],
    [3, 0],
    [2 ** 31, 2],
    [3, 2 ** 32 - 1],
  ])('that claims to be %d by %d has no size', async (width, height) => {
    expect(await inspector.inspect(png(width, height))).toEqual({
      mimeType: 'image/png',
      width: null,
      height: null,
    })
  })

  it('of the largest size that there is has that', async () => {
    const side = 2 ** 31 - 1
    expect(await inspector.inspect(png(side, side))).toMatchObject({ width: side, height: side })
  })

  it.each<[string, Buffer]>([
    ['PNG', png(3, 2)],
    ['JPEG', jpeg(6)],
    ['GIF', GIF],
    ['WebP', WEBP],
    ['AVIF', AVIF],
    ['TIFF', TIFF],
  ])('in %s has its true size or none wherever it is cut short', async (_name, bytes) => {
    const whole = await inspector.inspect(bytes)
    for (let length = 0; length < bytes.length; length++) {
      // A view into a larger buffer, as reads from the network are: what follows there belongs to others.
      const shared = Buffer.concat([bytes.subarray(0, length), Buffer.alloc(64, 'others')])
      const { width, height } = await inspector.inspect(shared.subarray(0, length))
      expect([whole.width, null], `${length} bytes`).toContain(width)
      expect([whole.height, null], `${length} bytes`).toContain(height)
    }
    expect(await inspector.inspect(bytes.subarray(0, 8))).toMatchObject({ width: null, height: null })
  })
})

describe('a file that is no picture', () => {
  it.each<[string, string, Buffer]>([
    ['an ELF program', 'application/x-elf', latin1('\x7fELF\x02\x01\x01')],
    ['a Windows program', 'application/x-msdownload', Buffer.concat([latin1('MZ'), Buffer.alloc(100)])],
    ['a macOS program', 'application/x-mach-binary', Buffer.from([0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1])],
    ['a shell script', 'application/x-sh', latin1('#!/bin/sh\nrm -rf /\n')],
    ['a shell script by way of env', 'application/x-sh', latin1('#!/usr/bin/env bash\n')],
    ['a PDF', 'application/pdf', latin1('%PDF-1.7\n')],
    ['a WAV', 'audio/wav', Buffer.concat([latin1('RIFF'), uint32(36), latin1('WAVEfmt ')])],
    ['an M4A', 'audio/mp4', Buffer.concat([uint32(20), latin1('ftypM4A '), uint32(0), latin1('M4A ')])],
    ['an M4V', 'video/mp4', Buffer.concat([uint32(20), latin1('ftypM4V '), uint32(0), latin1('M4V ')])],
    ['an MP4', 'video/mp4', Buffer.concat([uint32(20), latin1('ftypisom'), uint32(0), latin1('isom')])],
    [
      'a QuickTime movie',
      'video/quicktime',
      Buffer.concat([uint32(20), latin1('ftypqt  '), uint32(0), latin1('qt  ')]),
    ],
    [
      'an Opus file',
      'audio/ogg',
      Buffer.concat([latin1('OggS'), Buffer.alloc(24), latin1('OpusHead'), Buffer.alloc(8)]),
    ],
    ['XML', 'application/xml', latin1('<?xml version="1.0"?><note><svg width="3" height="2"/></note>')],
  ])('is recognised: %s', async (_name, mimeType, bytes) => {
    expect(await inspector.inspect(bytes)).toEqual({ mimeType, width: null, height: null })
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([0])],
    ['zeros', Buffer.alloc(INSPECTED_BYTES)],
    ['words', Buffer.from('présentation 最終版 🎬')],
    ['HTML', latin1('<!doctype html><html><body><svg width="3" height="2"/></body></html>')],
    ['a script of another language', latin1('#!/usr/bin/env node\nconsole.log("flash")\n')],
    ['a comment without an end', latin1('<!-- <svg width="3" height="2"/>')],
  ])('is nothing known: %s', async (_name, bytes) => {
    expect(await inspector.inspect(bytes)).toEqual(nothing)
  })
})

describe('hostile bytes', () => {
  const signatures = [
    png(3, 2),
    jpeg(6),
    GIF,
    WEBP,
    AVIF,
    TIFF,
    latin1('PK\x03\x04'),
    latin1('\x1aE\xdf\xa3'),
    latin1('icns'),
  ]

  it('behind any signature never make the inspection fail or last', async () => {
    const cases = fc.tuple(
      fc.constantFrom(...signatures),
      fc.nat({ max: 64 }),
      fc.uint8Array({ maxLength: 400, size: 'max' }),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([signature, kept, noise]) => {
        const { width, height } = await inspector.inspect(Buffer.concat([signature.subarray(0, kept), noise]))
        for (const side of [width, height])
          expect(side === null || (Number.isInteger(side) && side > 0)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, string]>([
    ['boxes without a size', '\0\0\0\0'],
    ['the smallest boxes', '\0\0\0\x08ispe'],
    ['boxes of a size', '\0\0\0\x14ispe\0\0\0\0\0\0\0\x01\0\0\0\x01'],
    ['roots that are never closed', '<svg '],
    ['comments', '<!---->'],
    ['open comments', '<!--'],
    ['open document types', '<!DOCTYPE ['],
    ['icons without a size', 'icns\0\0\0\0'],
  ])('in great number do not make it last: %s', async (_name, unit) => {
    const filler = latin1(unit.repeat(Math.ceil(INSPECTED_BYTES / unit.length)))
    const started = performance.now()
    for (const start of [
      Buffer.alloc(0),
      AVIF.subarray(0, 28),
      latin1('<?xml version="1.0"?>'),
      latin1('<svg a="'),
    ]) {
      await inspector.inspect(Buffer.concat([start, filler]).subarray(0, INSPECTED_BYTES))
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
