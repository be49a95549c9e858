/** Turns an SVG into the bytes of an image file. */
import sharp from 'sharp'
import { randomStream } from './random-stream.ts'

export type ImageFormat = 'png' | 'jpeg' | 'webp'

export async function renderImage(svg: string, format: ImageFormat): Promise<Uint8Array<ArrayBuffer>> {
  const image = sharp(Buffer.from(svg))
  if (format === 'png') return copy(await image.png({ compressionLevel: 9 }).toBuffer())
  if (format === 'webp') return copy(await image.webp({ quality: 86 }).toBuffer())
  return copy(await image.flatten().jpeg({ quality: 88, mozjpeg: true }).toBuffer())
}

const GRAIN = 52

/** Blurred shapes lose nothing by being drawn small and enlarged; drawing them large takes seconds. */
const PHOTO_SCALE = 2

/** A JPEG twice as large as its drawing, with the grain of a night photograph and the bytes that this brings. */
export async function renderPhoto(svg: string, seed: number): Promise<Uint8Array<ArrayBuffer>> {
  // Drawn first and resized after: sharp would otherwise draw the SVG at the larger size.
  const { data: drawn, info } = await sharp(Buffer.from(svg))
    .flatten()
    .png()
    .toBuffer({ resolveWithObject: true })
  const [width, height] = [info.width * PHOTO_SCALE, info.height * PHOTO_SCALE]
  const random = randomStream(seed)
  // The sum of two draws clusters around the middle, as grain does; grey 128 leaves a pixel as it is.
  const grain = Buffer.alloc(width * height)
  for (const index of grain.keys()) grain[index] = 128 + (random() + random() - 1) * GRAIN
  const photo = sharp(await sharp(drawn).resize(width, height).png({ compressionLevel: 1 }).toBuffer())
    .composite([{ input: grain, raw: { width, height, channels: 1 }, blend: 'soft-light' }])
    .jpeg({ quality: 91 })
  return copy(await photo.toBuffer())
}

/** Bytes of their own: a `Buffer` may be a view of a pool that others share. */
function copy(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}
