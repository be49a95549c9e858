/** Northern lights over mountains and a lake. */
import { between, randomStream, type RandomStream } from './random-stream.ts'
import { blur, polyline, round, svg, verticalGradient, wave, type Canvas, type Point } from './svg.ts'

export interface AuroraOptions extends Canvas {
  seed: number
  /** Colours of the curtains' lower edge and of their upper end. */
  glow: readonly [low: string, high: string]
}

const HORIZON = 0.78

/** How tall the sky looks in the lake: water that is not quite still shortens it. */
const REFLECTION = 0.36

/** How far down the sky each curtain hangs. */
const LEVELS = [0.26, 0.36, 0.47]

export function drawAurora(options: AuroraOptions): string {
  const { width, height, seed, glow } = options
  const random = randomStream(seed)
  const horizon = height * HORIZON
  const defs = [
    verticalGradient('sky', [
      [0, '#050a1c'],
      [0.55, '#0b2143'],
      [1, '#1d4a63'],
    ]),
    verticalGradient('curtain', [
      [0, glow[1], 0],
      [0.45, glow[1], 0.35],
      [0.85, glow[0], 0.9],
      [1, glow[0], 0],
    ]),
    verticalGradient('lake', [
      [0, '#123349'],
      [1, '#050d1c'],
    ]),
    blur('soft', width / 70),
    blur('fine', width / 400),
  ].join('')
  const rays = LEVELS.map((level) => curtain(options, random, level * height)).join('')
  const glowing = `<g filter="url(#soft)" opacity="0.75">${rays}</g>`
  return svg(
    options,
    defs,
    [
      `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
      stars(options, random),
      glowing,
      `<g filter="url(#fine)" opacity="0.3">${rays}</g>`,
      ridge(options, random, { base: horizon - height * 0.03, rise: height * 0.16, fill: '#0c1f33' }),
      ridge(options, random, { base: horizon, rise: height * 0.09, fill: '#071423' }),
      `<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#lake)"/>`,
      `<g transform="translate(0 ${horizon * (1 + REFLECTION)}) scale(1 ${-REFLECTION})" opacity="0.28">${glowing}</g>`,
      ripples(options, random),
    ].join(''),
  )
}

function stars({ width, height }: Canvas, random: RandomStream): string {
  return Array.from({ length: 260 }, () => {
    const [x, y] = [between(random, 0, width), between(random, 0, height * 0.7)]
    const radius = between(random, 0.4, 1.5) * (width / 1600)
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius.toFixed(2)}" fill="#fff" opacity="${between(random, 0.25, 0.95).toFixed(2)}"/>`
  }).join('')
}

/** Rays side by side along a wave. Blurred much they are the glow, blurred little its structure. */
function curtain({ width, height }: Canvas, random: RandomStream, level: number): string {
  const phases = [random(), random(), random()].map((share) => share * Math.PI * 2)
  const step = width / 150
  return Array.from({ length: 170 }, (_, index) => {
    const x = (index - 10) * step
    const bottom = level + wave((x / width) * 3, phases) * height * 0.09
    const tall = height * between(random, 0.16, 0.34)
    return `<rect x="${round(x)}" y="${round(bottom - tall)}" width="${round(step * 1.15)}" height="${round(tall)}" fill="url(#curtain)" opacity="${between(random, 0.25, 0.9).toFixed(2)}"/>`
  }).join('')
}

interface Ridge {
  base: number
  rise: number
  fill: string
}

function ridge({ width, height }: Canvas, random: RandomStream, { base, rise, fill }: Ridge): string {
  const phases = Array.from({ length: 6 }, () => random() * Math.PI * 2)
  const steps = 120
  const line = Array.from({ length: steps + 1 }, (_, index): Point => {
    const share = index / steps
    const above = (0.55 + 0.25 * wave(share * 5, phases)) * rise + between(random, -0.04, 0.04) * rise
    return [share * width, base - Math.max(above, rise * 0.05)]
  })
  return `<path d="${polyline([...line, [width, height * HORIZON], [0, height * HORIZON]])}Z" fill="${fill}"/>`
}

function ripples({ width, height }: Canvas, random: RandomStream): string {
  return Array.from({ length: 70 }, () => {
    const depth = random() ** 1.5
    const y = height * (HORIZON + 0.01 + depth * (1 - HORIZON))
    const long = width * between(random, 0.03, 0.12) * (0.4 + depth)
    const x = between(random, -long, width)
    return `<rect x="${round(x)}" y="${round(y)}" width="${round(long)}" height="${round(1 + depth * 2)}" fill="#9fd8cf" opacity="${between(random, 0.03, 0.12).toFixed(2)}"/>`
  }).join('')
}
