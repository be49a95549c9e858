/** The demo's result as a table for a terminal. */
import stringWidth from 'string-width'
import type { DemoResult, FileResult } from './demo-result.ts'

interface Column {
  title: string
  align: 'left' | 'right'
  cell: (file: FileResult) => string
}

const NONE = '–'
const NAME_MAX_WIDTH = 40
const SHA256_SHOWN = 12

const COLUMNS: readonly Column[] = [
  { title: 'name', align: 'left', cell: ({ name }) => shorten(name, NAME_MAX_WIDTH) },
  { title: 'file id', align: 'left', cell: ({ fileId }) => fileId ?? NONE },
  { title: 'bytes', align: 'right', cell: ({ bytes }) => bytes.toLocaleString('en') },
  { title: 'SHA-256', align: 'left', cell: ({ sha256 }) => `${sha256.slice(0, SHA256_SHOWN)}…` },
  { title: 'transport', align: 'left', cell: ({ transport }) => transport },
  { title: 'upload ms', align: 'right', cell: ({ uploadMilliseconds }) => milliseconds(uploadMilliseconds) },
  { title: 'seen ms', align: 'right', cell: ({ seenMilliseconds }) => milliseconds(seenMilliseconds) },
  { title: 'URL', align: 'right', cell: ({ urlStatus }) => String(urlStatus ?? NONE) },
  { title: 'check', align: 'left', cell: ({ problems }) => (problems.length === 0 ? '✓' : '✗') },
]

/** Lines: the table, then every problem in words, then one sentence that says how it went. */
export function formatResult(result: DemoResult): string[] {
  const rows = result.files.map((file) => COLUMNS.map(({ cell }) => cell(file)))
  const widths = COLUMNS.map(({ title }, index) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[index] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((text, index) => pad(text, widths[index] ?? 0, COLUMNS[index]?.align))
      .join('  ')
      .trimEnd()
  return [
    line(COLUMNS.map(({ title }) => title)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...rows.map(line),
    '',
    ...result.files.flatMap(({ name, problems }) => problems.map((problem) => `✗ ${name}: ${problem}`)),
    ...result.problems.map((problem) => `✗ ${problem}`),
    summary(result),
  ]
}

function summary({ passed, files, project, uploadedBy, watchedBy }: DemoResult): string {
  if (!passed) return 'Not everything is as it should be.'
  const what = files.length === 1 ? 'One file' : `${files.length} files`
  return `${what} uploaded to "${project}" by ${uploadedBy}, seen by ${watchedBy}, read back identical, refused to strangers.`
}

function milliseconds(value: number | null): string {
  return value === null ? NONE : value.toLocaleString('en')
}

/** Pads by what a terminal shows: an ideograph and an emoji are two columns wide (Unicode Standard Annex 11). */
function pad(text: string, width: number, align: Column['align'] = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'left' ? text + spaces : spaces + text
}

/** Cuts between what a reader takes for characters, never within one. */
function shorten(text: string, maxWidth: number): string {
  if (stringWidth(text) <= maxWidth) return text
  let short = ''
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if (stringWidth(short + segment) >= maxWidth) break
    short += segment
  }
  return `${short}…`
}
