/** A poster of quarter circles, half circles and squares in a grid. */
import { between, randomStream } from './random-stream.ts'
import { svg, type Canvas } from './svg.ts'

export interface PosterOptions extends Canvas {
  seed: number
  /** The first is the ground. */
  colours: readonly [string, ...string[]]
  columns: number
}

export function drawPoster(options: PosterOptions): string {
  const { width, height, seed, colours, columns } = options
  const random = randomStream(seed)
  const side = width / columns
  const rows = Math.ceil(height / side)
  const pick = () => colours[Math.floor(between(random, 0, colours.length))] ?? colours[0]
  const tiles = Array.from({ length: columns * rows }, (_, index) => {
    const [x, y] = [(index % columns) * side, Math.floor(index / columns) * side]
    const turn = Math.floor(random() * 4) * 90
    const place = `translate(${x} ${y}) rotate(${turn} ${side / 2} ${side / 2})`
    return `<g transform="${place}"><rect width="${side + 0.5}" height="${side + 0.5}" fill="${pick()}"/>${tile(random(), side, pick())}</g>`
  })
  return svg(options, '', `<rect width="${width}" height="${height}" fill="${colours[0]}"/>${tiles.join('')}`)
}

function tile(kind: number, side: number, fill: string): string {
  const half = side / 2
  if (kind < 0.45) return `<path d="M0 0H${side}A${side} ${side} 0 0 1 0 ${side}Z" fill="${fill}"/>`
  if (kind < 0.65) return `<path d="M0 0A${half} ${half} 0 0 0 ${side} 0Z" fill="${fill}"/>`
  if (kind < 0.8) return `<circle cx="${half}" cy="${half}" r="${half * 0.62}" fill="${fill}"/>`
  if (kind < 0.92) return `<path d="M0 0H${side}L0 ${side}Z" fill="${fill}"/>`
  return ''
}
