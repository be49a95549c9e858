/** The table for people, and the same for machines. */

import { verdictOf, type Row } from './bounds.ts'

/** One line a row: operation, figure, bound, verdict, and what the figure is made from. */
export function formatTable(rows: readonly Row[]): string {
  const head = ['operation', 'figure', 'bound', 'verdict', 'from']
  const lines = [
    head,
    ...rows.map((row) => [row.operation, figureOf(row), boundOf(row), verdictOf(row), row.detail]),
  ]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The rows with their verdicts; a figure that is missing is `null`. */
export function toJson(rows: readonly Row[]): string {
  const results = rows.map((row) => ({ ...row, figure: row.figure ?? null, verdict: verdictOf(row) }))
  return JSON.stringify({ results }, null, 2)
}

function figureOf({ figure, unit }: Row): string {
  if (figure === undefined) return '-'
  return `${figure.toFixed(figure < 10 ? 2 : 0)} ${unit}`
}

function boundOf({ atLeast, atMost }: Row): string {
  return atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
}
