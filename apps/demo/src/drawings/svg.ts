/** The few shapes of SVG that the drawings are made of. */

export interface Canvas {
  width: number
  height: number
}

export type Point = readonly [x: number, y: number]

/** A whole SVG document; `defs` holds gradients and filters. */
export function svg({ width, height }: Canvas, defs: string, shapes: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${defs}</defs>${shapes}</svg>`
}

/** A gradient from top to bottom. Each stop is a colour at a share of the height, with an opacity if not 1. */
export function verticalGradient(id: string, stops: readonly (readonly [number, string, number?])[]): string {
  const tags = stops.map(
    ([offset, colour, opacity = 1]) =>
      `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`,
  )
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${tags.join('')}</linearGradient>`
}

/** A blur that may reach far beyond the shape it is put on. */
export function blur(id: string, deviation: number): string {
  return `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`
}

/** The path through points, straight from each to the next. */
export function polyline(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('')
}

/** A sum of sine waves: smooth, and different for each set of phases. */
export function wave(x: number, phases: readonly number[]): number {
  return phases.reduce((sum, phase, index) => sum + Math.sin(x * (index + 1) * 1.7 + phase) / (index + 1), 0)
}

/** Coordinates to a tenth of a pixel: no drawing shows more, and files stay small. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}
