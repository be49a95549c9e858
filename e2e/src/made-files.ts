/** Files to add, made of nothing: real pictures, a film as far as its first bytes, and bytes that compress to nothing. */
import { randomBytes } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

/** As Playwright takes them: for a file input, and for a drop. */
export interface MadeFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

export interface PictureOptions {
  readonly width?: number
  readonly height?: number
  /** In degrees. */
  readonly hue?: number
  /** Grain makes a picture as heavy as a photo: three bytes for every pixel. */
  readonly grain?: boolean
}

/** A PNG of a soft slope from one colour to the next. */
export function picture(name: string, options: PictureOptions = {}): MadeFile {
  const { width = 480, height = 320, hue = 210, grain = false } = options
  const rows = Array.from({ length: height }, (_, y) => {
    const row = grain ? randomBytes(width * 3 + 1) : Buffer.alloc(width * 3 + 1)
    // RFC 2083, section 6: each row begins with the number of its filter, here none.
    row[0] = 0
    for (let x = 0; !grain && x < width; x += 1) {
      row.set(colourAt(hue, (x / width + y / height) / 2), 1 + x * 3)
    }
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits for each of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8)
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
  return { name, mimeType: 'image/png', buffer }
}

// RFC 2083, section 3.2: length, type, data, and a checksum over the latter two.
function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length, 0)
  chunk.set(body, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

function colourAt(hue: number, share: number): [number, number, number] {
  const angle = ((hue + share * 60) * Math.PI) / 180
  const level = (turn: number) => Math.round(128 + 100 * Math.cos(angle + (turn * 2 * Math.PI) / 3))
  return [level(0), level(1), level(2)]
}

/** An MP4 as far as its `ftyp` and an empty `mdat` box go (ISO 14496-12, section 4.3). */
export function film(name: string): MadeFile {
  const box = (type: string, data: Buffer) => {
    const size = Buffer.alloc(4)
    size.writeUInt32BE(data.length + 8)
    return Buffer.concat([size, Buffer.from(type, 'latin1'), data])
  }
  const brands = Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1')
  const buffer = Buffer.concat([box('ftyp', brands), box('mdat', randomBytes(4096))])
  return { name, mimeType: 'video/mp4', buffer }
}

/** Bytes of no kind. */
export function bytes(name: string, size: number): MadeFile {
  return {
    name,
    mimeType: 'application/octet-stream',
    buffer: size === 0 ? Buffer.alloc(0) : randomBytes(size),
  }
}

/** What begins like a Windows program ("MZ", and "PE" where it says). */
export function program(name: string, mimeType: string): MadeFile {
  const buffer = Buffer.alloc(512)
  buffer.write('MZ', 0, 'latin1')
  buffer.writeUInt32LE(0x80, 0x3c)
  buffer.write('PE\0\0', 0x80, 'latin1')
  return { name, mimeType, buffer }
}
