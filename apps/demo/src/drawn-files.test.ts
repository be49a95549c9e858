import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { INLINE_MAX_BYTES } from '@studio/contracts/limits'
import { drawFiles } from './drawn-files.ts'
import { hashStream } from './hash-stream.ts'

const files = await drawFiles()
const [first] = files

describe('the files that the demo draws', () => {
  it('are four pictures and an empty note, of different names', () => {
    expect(files.map(({ mimeType }) => mimeType)).toEqual([
      'image/jpeg',
      'image/png',
      'image/webp',
      'image/png',
      'text/plain',
    ])
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length)
    expect(files.at(-1)?.source.size).toBe(0)
  })

  it('begin with a photograph too large for one call, and go on with pictures that are not', () => {
    const [photo, ...others] = files.map(({ source }) => source.size)
    expect(photo).toBeGreaterThan(INLINE_MAX_BYTES)
    expect(Math.max(...others)).toBeLessThanOrEqual(INLINE_MAX_BYTES)
  })

  it('are images of the type that their name says, and not of one colour', async () => {
    for (const { mimeType, source } of files.slice(0, -1)) {
      const image = sharp(new Uint8Array(await source.arrayBuffer()))
      expect(`image/${(await image.metadata()).format}`).toBe(mimeType)
      const { channels, entropy } = await image.stats()
      expect(entropy).toBeGreaterThan(0.5)
      expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(10)
    }
  })

  it('are the same bytes each time', async () => {
    const digest = async (blob: Blob | undefined) => blob && (await hashStream(blob.stream())).sha256
    const again = await drawFiles()
    for (const [index, { source }] of files.entries()) {
      expect(await digest(again[index]?.source)).toBe(await digest(source))
    }
    expect(first?.source).not.toBe(again[0]?.source)
  })
})
