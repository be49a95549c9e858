import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import type { DemoResult, FileResult } from './demo-result.ts'
import { formatResult } from './result-table.ts'

const fine: FileResult = {
  name: 'photo.jpg',
  fileId: 'abcdefghijklmno',
  bytes: 1_234_567,
  sha256: '0123456789abcdef'.repeat(4),
  transport: 'direct',
  uploadMilliseconds: 1_042,
  seenMilliseconds: 1_050,
  urlStatus: 200,
  anonymousStatus: 403,
  problems: [],
}
const failed: FileResult = {
  ...fine,
  name: 'a.txt',
  fileId: null,
  uploadMilliseconds: null,
  seenMilliseconds: null,
  urlStatus: null,
  problems: ['it broke', 'twice'],
}

function format(files: FileResult[], overall: string[] = []): string[] {
  const result: DemoResult = {
    passed: overall.length === 0 && files.every(({ problems }) => problems.length === 0),
    uploadedBy: 'ada@studio.test',
    watchedBy: 'grace@studio.test',
    project: 'Northern Lights',
    files,
    problems: overall,
  }
  return formatResult(result)
}

describe('the table of results', () => {
  it('has a line for each file under its headings, and a sentence when all is well', () => {
    expect(format([fine])).toEqual([
      'name       file id              bytes  SHA-256        transport  upload ms  seen ms  URL  check',
      '─────────  ───────────────  ─────────  ─────────────  ─────────  ─────────  ───────  ───  ─────',
      'photo.jpg  abcdefghijklmno  1,234,567  0123456789ab…  direct         1,042    1,050  200  ✓',
      '',
      'One file uploaded to "Northern Lights" by ada@studio.test, seen by grace@studio.test, read back identical, refused to strangers.',
    ])
  })

  it('says in words what is wrong, file by file and beyond', () => {
    const lines = format([fine, failed], ['the store is open'])
    expect(lines[3]).toMatch(/^a\.txt +– +1,234,567 .* – +– +– +✗$/)
    expect(lines.slice(5)).toEqual([
      '✗ a.txt: it broke',
      '✗ a.txt: twice',
      '✗ the store is open',
      'Not everything is as it should be.',
    ])
  })

  it('stays aligned under wide characters, and shortens what is too long between two characters', () => {
    const family = '👨‍👩‍👧‍👦'
    const names = ['présentation 最終版 🎬.mp4', family.repeat(300), 'x'.repeat(60), 'a']
    const rows = format(names.map((name) => ({ ...fine, name }))).slice(2, 2 + names.length)
    const starts = rows.map((row) => stringWidth(row.slice(0, row.indexOf('abcdefghijklmno'))))
    expect(new Set(starts).size).toBe(1)
    expect(rows[0]).toContain('présentation 最終版 🎬.mp4')
    expect(rows[1]).toMatch(new RegExp(`^(${family})+…`))
    expect(rows[2]).toMatch(/^x{39}… /)
  })
})
