/** A short chord as a WAV file, so that the demo project has something to listen to. */

const SAMPLE_RATE = 16_000
const SECONDS = 6
const HEADER_BYTES = 44
const BYTES_PER_SAMPLE = 2

/** D minor, a ninth added, in hertz; each enters a little after the one before. */
const NOTES = [146.83, 220, 293.66, 349.23, 659.26]
const SECONDS_BETWEEN_NOTES = 0.45

/** Mono, 16 bits, the same bytes on every run. */
export function composeSound(): Uint8Array<ArrayBuffer> {
  const samples = SAMPLE_RATE * SECONDS
  const bytes = new Uint8Array(HEADER_BYTES + samples * BYTES_PER_SAMPLE)
  const view = new DataView(bytes.buffer)
  writeHeader(view, samples * BYTES_PER_SAMPLE)
  for (let index = 0; index < samples; index += 1) {
    const level = Math.round(loudness(index / SAMPLE_RATE) * 0x7fff)
    view.setInt16(HEADER_BYTES + index * BYTES_PER_SAMPLE, level, true)
  }
  return bytes
}

function loudness(time: number): number {
  const sum = NOTES.reduce((total, hertz, index) => {
    const age = time - index * SECONDS_BETWEEN_NOTES
    if (age < 0) return total
    return total + Math.sin(2 * Math.PI * hertz * age) * Math.min(1, age * 8) * Math.exp(-age * 0.8)
  }, 0)
  return (sum / NOTES.length) * 0.8 * Math.min(1, (SECONDS - time) * 2)
}

/** RIFF with one `fmt ` and one `data` chunk ("Multimedia Programming Interface and Data Specifications 1.0"). */
function writeHeader(view: DataView, dataBytes: number): void {
  const text = (offset: number, word: string) => {
    for (const [index, character] of [...word].entries())
      view.setUint8(offset + index, character.charCodeAt(0))
  }
  text(0, 'RIFF')
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, SAMPLE_RATE, true)
  view.setUint32(28, SAMPLE_RATE * BYTES_PER_SAMPLE, true)
  view.setUint16(32, BYTES_PER_SAMPLE, true)
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true)
  text(36, 'data')
  view.setUint32(40, dataBytes, true)
}
