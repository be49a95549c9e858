/** Text for people: aligned columns and sizes. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1.5 GiB` */
export function sizeText(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** unit
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
}

/** Names come from anyone: none of theirs may steer a terminal, or turn the rest of a line around (Unicode TR 9). */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_C}]/gu, '?')
}

/** A heading and its rows; nothing at all when there are no rows. */
export function tableLines(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const lines = [heading, ...rows].map((cells) => cells.map(printable))
  const widths = heading.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  return lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
