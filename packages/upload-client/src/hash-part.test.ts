import { createHash, randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hashPart } from './hash-part.ts'

const bytes = randomBytes(3 * 1024 * 1024 + 7)
const expected = createHash('sha256').update(bytes).digest('hex')
const { signal } = new AbortController()

afterEach(() => vi.unstubAllGlobals())

describe('the digest of a part', () => {
  it('is its SHA-256, of exactly its bytes of the file', async () => {
    expect(await hashPart(new Blob([bytes]), signal)).toBe(expected)
    const middle = createHash('sha256').update(bytes.subarray(5, 1_000)).digest('hex')
    expect(await hashPart(new Blob([bytes]).slice(5, 1_000), signal)).toBe(middle)
  })

  it('is the same where the platform offers no digests, as in pages without TLS', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues })
    expect(await hashPart(new Blob([bytes]), signal)).toBe(expected)
  })

  it('does not hold a part of hundreds of MiB', async () => {
    const part = new Blob([new Uint8Array(40 * 1024 * 1024)])
    part.arrayBuffer = () => Promise.reject(new Error('Read as a whole'))
    expect(await hashPart(part, signal)).toBe(
      createHash('sha256').update(new Uint8Array(part.size)).digest('hex'),
    )
  })

  it('is refused when the file yields fewer bytes than it says', async () => {
    const part = new Blob([bytes])
    part.arrayBuffer = async () => new ArrayBuffer(1)
    await expect(hashPart(part, signal)).rejects.toHaveProperty('code', 'SIZE_MISMATCH')
  })
})
