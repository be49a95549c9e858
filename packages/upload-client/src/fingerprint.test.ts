import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from './fingerprint.ts'

const SAMPLE = 64 * 1024
const bytes = randomBytes(1_000_001)

function fileOf(content: Uint8Array<ArrayBuffer>, lastModified = 7) {
  return Object.assign(new Blob([content]), { lastModified })
}

function changedAt(index: number) {
  const changed = new Uint8Array(bytes)
  changed[index] = (changed[index] ?? 0) ^ 1
  return fileOf(changed)
}

describe('the fingerprint of a file', () => {
  it('is its size, its time and the SHA-256 of its beginning, middle and end', async () => {
    const last = bytes.length - SAMPLE
    const middle = Math.floor(last / 2)
    const hash = createHash('sha256')
    for (const start of [0, middle, last]) hash.update(bytes.subarray(start, start + SAMPLE))
    expect(await fingerprintOf(fileOf(bytes))).toBe(`${bytes.length}-7-${hash.digest('hex')}`)
  })

  it('is the same for the same file, and needs no time', async () => {
    expect(await fingerprintOf(fileOf(bytes))).toBe(await fingerprintOf(fileOf(bytes)))
    expect(await fingerprintOf(new Blob([bytes]))).toMatch(/^1000001-0-[0-9a-f]{64}$/)
  })

  it.each([0, SAMPLE - 1, 500_000, bytes.length - 1])('differs when byte %i does', async (index) => {
    expect(await fingerprintOf(changedAt(index))).not.toBe(await fingerprintOf(fileOf(bytes)))
  })

  it('differs by size and by time alone', async () => {
    const of = await fingerprintOf(fileOf(bytes))
    expect(await fingerprintOf(fileOf(bytes, 8))).not.toBe(of)
    expect(await fingerprintOf(fileOf(bytes.subarray(1)))).not.toBe(of)
  })

  it.each([0, 1, SAMPLE, SAMPLE + 1])('exists for a file of %i bytes', async (size) => {
    expect(await fingerprintOf(new Blob([bytes.subarray(0, size)]))).toMatch(
      new RegExp(`^${size}-0-[0-9a-f]{64}$`),
    )
  })

  it('reads three samples and no more, whatever the size', async () => {
    const file = fileOf(bytes)
    const slice = file.slice.bind(file)
    let read = 0
    file.slice = (start = 0, end = 0) => {
      read += end - start
      return slice(start, end)
    }
    await fingerprintOf(file)
    expect(read).toBe(3 * SAMPLE)
  })

  it('is refused for a file that cannot be read', async () => {
    const file = fileOf(bytes)
    file.slice = () => {
      throw new DOMException('Gone', 'NotFoundError')
    }
    await expect(fingerprintOf(file)).rejects.toHaveProperty('code', 'SIZE_MISMATCH')
  })
})
