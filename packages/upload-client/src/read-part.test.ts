import { createHash, randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { digestInBrowser } from './digest-browser.ts'
import { platform } from './platform-node.ts'
import { HELD_PART_MAX_BYTES, readPart } from './read-part.ts'

const bytes = randomBytes(3 * 1024 * 1024 + 7)
const sha256Of = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
const { signal } = new AbortController()

afterEach(() => vi.unstubAllGlobals())

describe.each([
  ['in Node', platform.digestBytes],
  ['in a browser', digestInBrowser],
])('a part that is read %s', (_, digestBytes) => {
  it('is its bytes of the file and their SHA-256', async () => {
    const whole = await readPart(new Blob([bytes]), { digestBytes, signal })
    expect(whole.sha256).toBe(sha256Of(bytes))
    expect(sha256Of(whole.bytes ?? new Uint8Array())).toBe(sha256Of(bytes))
    const middle = await readPart(new Blob([bytes]).slice(5, 1_000), { digestBytes, signal })
    expect(middle.sha256).toBe(sha256Of(bytes.subarray(5, 1_000)))
    expect(middle.bytes).toHaveLength(995)
  })

  it('is read once', async () => {
    const part = new Blob([bytes])
    const read = vi.spyOn(part, 'arrayBuffer')
    await readPart(part, { digestBytes, signal })
    expect(read).toHaveBeenCalledOnce()
  })

  it('is not held when it is large', async () => {
    const part = new Blob([new Uint8Array(HELD_PART_MAX_BYTES + 1)])
    part.arrayBuffer = () => Promise.reject(new Error('Read as a whole'))
    const read = await readPart(part, { digestBytes, signal })
    expect(read).toEqual({ sha256: sha256Of(new Uint8Array(part.size)), bytes: undefined })
  })

  it('is refused when the file yields fewer bytes than it says', async () => {
    const part = new Blob([bytes])
    part.arrayBuffer = async () => new ArrayBuffer(1)
    await expect(readPart(part, { digestBytes, signal })).rejects.toHaveProperty('code', 'SIZE_MISMATCH')
  })
})

describe('the digest in a browser', () => {
  it('is the same where the platform offers none, as in pages without TLS', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues })
    expect(await digestInBrowser(new Uint8Array(bytes))).toBe(sha256Of(bytes))
  })
})
