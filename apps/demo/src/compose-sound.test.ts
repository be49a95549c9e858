import { describe, expect, it } from 'vitest'
import { composeSound } from './compose-sound.ts'

describe('composeSound', () => {
  const bytes = composeSound()
  const view = new DataView(bytes.buffer)
  const word = (offset: number) => String.fromCharCode(...bytes.subarray(offset, offset + 4))

  it('is a WAV file whose header fits its length', () => {
    expect([word(0), word(8), word(12), word(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data'])
    expect(view.getUint32(4, true)).toBe(bytes.length - 8)
    expect(view.getUint32(40, true)).toBe(bytes.length - 44)
    expect(view.getUint32(28, true)).toBe(view.getUint32(24, true) * view.getUint16(32, true))
  })

  it('is to be heard, is not clipped, and ends in silence', () => {
    const samples = new Int16Array(bytes.buffer, 44)
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    expect(loudest).toBeGreaterThan(5_000)
    expect(loudest).toBeLessThan(0x7fff)
    expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(50)
  })

  it('is the same each time', () => {
    expect(Buffer.compare(composeSound(), bytes)).toBe(0)
  })
})
