/** Dunes in the evening: one smooth ridge behind the other, under a low sun. */
import { randomStream } from './random-stream.ts'
import { blur, polyline, svg, verticalGradient, wave, type Canvas, type Point } from './svg.ts'

export interface DunesOptions extends Canvas {
  seed: number
  /** Sky at the top, sky at the horizon, the nearest dune. */
  colours: readonly [top: string, horizon: string, near: string]
}

const RIDGES = 6

export function drawDunes(options: DunesOptions): string {
  const { width, height, seed, colours } = options
  const [top, horizon, near] = colours
  const random = randomStream(seed)
  const defs = [
    verticalGradient('sky', [
      [0, top],
      [0.62, horizon],
      [1, horizon],
    ]),
    blur('sun', width / 60),
    ...Array.from({ length: RIDGES }, (_, index) => shade(index, horizon, near)),
  ].join('')
  const sun = [width * 0.68, height * 0.44, width * 0.055]
  const disc = `<circle cx="${sun[0]}" cy="${sun[1]}" r="${sun[2]}" fill="#fff6e0"`
  const ridges = Array.from({ length: RIDGES }, (_, index) => {
    const phases = [random(), random(), random()].map((share) => share * Math.PI * 2)
    const base = height * (0.5 + 0.085 * index)
    const swing = height * (0.02 + 0.012 * index)
    const line = Array.from({ length: 121 }, (_unused, step): Point => {
      const share = step / 120
      return [share * width, base + wave(share * (1.2 + index * 0.25), phases) * swing]
    })
    return `<path d="${polyline([...line, [width, height], [0, height]])}Z" fill="url(#ridge${index})"/>`
  })
  return svg(
    options,
    defs,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>${disc} opacity="0.8" filter="url(#sun)"/>${disc}/>${ridges.join('')}`,
  )
}

/** A ridge takes on the colour of the air the farther it is away. */
function shade(index: number, far: string, near: string): string {
  const nearness = (index + 1) / RIDGES
  return verticalGradient(`ridge${index}`, [
    [0, mix(far, near, nearness * 0.85)],
    [1, mix(far, near, Math.min(1, nearness * 0.85 + 0.3))],
  ])
}

/** The colour at a share of the way from one `#rrggbb` to another. */
export function mix(from: string, to: string, share: number): string {
  const channels = [1, 3, 5].map((start) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(start, start + 2), 16))
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share)
      .toString(16)
      .padStart(2, '0')
  })
  return `#${channels.join('')}`
}
