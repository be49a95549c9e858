/** Contour lines of a hill, as on a map. */
import { randomStream } from './random-stream.ts'
import { polyline, round, svg, wave, type Canvas, type Point } from './svg.ts'

export interface ContoursOptions extends Canvas {
  seed: number
  paper: string
  ink: string
}

const LINES = 28
const POINTS = 180

export function drawContours(options: ContoursOptions): string {
  const { width, height, seed, paper, ink } = options
  const random = randomStream(seed)
  const phases = [random(), random(), random()].map((share) => share * Math.PI * 2)
  const lines = Array.from({ length: LINES }, (_, index) => {
    const radius = ((index + 1) / LINES) * width * 0.8
    const ring = Array.from({ length: POINTS }, (_unused, step): Point => {
      const angle = (step / POINTS) * Math.PI * 2
      // Both ends of the ring meet, because the waves run through the angle's sine and cosine.
      const uneven =
        1 + 0.12 * wave(Math.cos(angle), phases) + 0.1 * wave(Math.sin(angle), phases.toReversed())
      return [
        0.4 * width + Math.cos(angle) * radius * uneven,
        0.46 * height + Math.sin(angle) * radius * uneven,
      ]
    })
    const stroke = round((index % 5 === 4 ? 2.6 : 1.1) * (width / 1200))
    return `<path d="${polyline(ring)}Z" fill="none" stroke="${ink}" stroke-width="${stroke}" opacity="${round(1 - index / LINES / 2)}"/>`
  })
  return svg(options, '', `<rect width="${width}" height="${height}" fill="${paper}"/>${lines.join('')}`)
}
