/** Quiet hills in the accent's neighbourhood, always the same ones for the same seed: a face for what has no picture. */
import { memo } from 'react'

const WIDTH = 320
const HEIGHT = 160
const HILLS = 4
const POINTS = 5

/** How far from the accent a seed's hue may be, in degrees: far enough to tell apart, near enough to belong. */
const HUE_MIN = -40
const HUE_MAX = 60

/** FNV-1a, 32 bits, into mulberry32: small, fast, and the same everywhere. */
function createRandom(seed: string): () => number {
  let state = 0x811c9dc5
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A smooth line through random heights, closed along the lower edge. */
function hillPath(random: () => number, top: number): string {
  const step = WIDTH / (POINTS - 1)
  const heights = Array.from({ length: POINTS }, () => top + (random() - 0.5) * 64)
  const curves = heights.slice(1).map((height, index) => {
    const from = heights[index] ?? height
    const left = index * step
    return `C${left + step / 2} ${from.toFixed(1)} ${left + step / 2} ${height.toFixed(1)} ${left + step} ${height.toFixed(1)}`
  })
  return `M0 ${(heights[0] ?? top).toFixed(1)}${curves.join('')}V${HEIGHT}H0z`
}

export interface CoverArtProps {
  seed: string
  className?: string
}

export const CoverArt = memo(function CoverArt({ seed, className }: CoverArtProps) {
  const random = createRandom(seed)
  const hue = Math.round(HUE_MIN + random() * (HUE_MAX - HUE_MIN))
  const sun = { x: 40 + random() * (WIDTH - 80), y: 26 + random() * 34, r: 12 + random() * 10 }
  const hills = Array.from({ length: HILLS }, (_, index) => hillPath(random, 62 + index * 26))
  const tint = `oklch(from var(--color-accent) l c calc(h + ${hue}))`
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden
      className={className}
      style={{ background: `color-mix(in oklch, ${tint} 12%, var(--color-surface))` }}
    >
      <circle cx={sun.x} cy={sun.y} r={sun.r} style={{ fill: tint, opacity: 0.28 }} />
      {hills.map((path, index) => (
        <path key={path} d={path} style={{ fill: tint, opacity: 0.13 + index * 0.1 }} />
      ))}
    </svg>
  )
})
