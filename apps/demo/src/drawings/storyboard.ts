/** A page of a storyboard: six frames in which a small figure walks towards the lights. */
import { randomStream, type RandomStream } from './random-stream.ts'
import { polyline, round, svg, verticalGradient, wave, type Canvas, type Point } from './svg.ts'

const COLUMNS = 3
const ROWS = 2
const INK = '#22304a'

export function drawStoryboard(canvas: Canvas): string {
  const random = randomStream(11)
  const gap = canvas.width * 0.03
  const width = (canvas.width - gap * (COLUMNS + 1)) / COLUMNS
  const height = (canvas.height - gap * (ROWS + 1)) / ROWS - gap
  const frames = Array.from({ length: COLUMNS * ROWS }, (_, index) => {
    const x = gap + (index % COLUMNS) * (width + gap)
    const y = gap + Math.floor(index / COLUMNS) * (height + gap * 2)
    return `<g transform="translate(${round(x)} ${round(y)})">${frame({ width, height }, random, index)}</g>`
  })
  const night = verticalGradient('night', [
    [0, '#dbe4ef'],
    [1, '#f6f1e7'],
  ])
  return svg(canvas, night, `<rect width="100%" height="100%" fill="#fbfaf7"/>${frames.join('')}`)
}

function frame({ width, height }: Canvas, random: RandomStream, index: number): string {
  const phases = [random(), random()].map((share) => share * Math.PI * 2)
  const ground = Array.from({ length: 41 }, (_, step): Point => {
    const share = step / 40
    return [share * width, height * 0.72 + wave(share * 2, phases) * height * 0.07]
  })
  const walked = width * (0.16 + index * 0.12)
  const scale = height * (0.2 + (index % 3) * 0.07)
  const lights = Array.from({ length: index + 1 }, (_, beam) => {
    const x = width * (0.85 - beam * 0.1)
    return `<path d="M${round(x)} ${round(height * 0.08)}q${round(width * 0.03)} ${round(height * 0.2)} 0 ${round(height * 0.4)}" stroke="#4fae9b" stroke-width="${round(width * 0.025)}" stroke-linecap="round" fill="none" opacity="0.55"/>`
  })
  return [
    `<rect width="${round(width)}" height="${round(height)}" fill="url(#night)"/>`,
    ...lights,
    `<path d="${polyline([...ground, [width, height], [0, height]])}Z" fill="#c9d3df"/>`,
    figure(walked, height * 0.78, scale),
    `<rect width="${round(width)}" height="${round(height)}" fill="none" stroke="${INK}" stroke-width="3"/>`,
    ...[0.9, 0.62].map(
      (share, row) =>
        `<rect y="${round(height + 14 + row * 16)}" width="${round(width * share)}" height="6" rx="3" fill="#d9d5cb"/>`,
    ),
  ].join('')
}

function figure(x: number, feet: number, tall: number): string {
  const [left, waist, head] = [round(x), round(feet - tall * 0.42), round(feet - tall * 0.86)]
  const stride = round(tall * 0.16)
  return [
    `<g stroke="${INK}" stroke-width="${round(tall * 0.075)}" stroke-linecap="round" fill="none">`,
    `<path d="M${left} ${round(head + tall * 0.1)}V${waist}M${left} ${waist}l${-stride} ${round(tall * 0.42)}M${left} ${waist}l${stride} ${round(tall * 0.42)}"/>`,
    `<path d="M${left} ${round(feet - tall * 0.66)}l${stride} ${round(tall * 0.16)}M${left} ${round(feet - tall * 0.66)}l${-stride} ${round(tall * 0.14)}"/></g>`,
    `<circle cx="${left}" cy="${head}" r="${round(tall * 0.11)}" fill="${INK}"/>`,
  ].join('')
}
