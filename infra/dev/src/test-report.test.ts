import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatTotals, readTestReport, REPORT_FILE } from './test-report.ts'
import { createTestDirectory, removeTestDirectory } from './testing/test-directory.ts'

let directory: string
beforeEach(async () => {
  directory = await createTestDirectory('report')
})
afterEach(() => removeTestDirectory(directory))

async function read(report?: object) {
  const file = path.join(directory, REPORT_FILE)
  await mkdir(path.dirname(file), { recursive: true })
  if (report) await writeFile(file, JSON.stringify(report))
  return readTestReport({ name: '@studio/sample', directory })
}

const file = (tests: Record<string, string>, status = 'passed', message = '') => ({
  name: '/somewhere/sample.test.ts',
  status,
  message,
  assertionResults: Object.entries(tests).map(([fullName, testStatus]) => ({ fullName, status: testStatus })),
})

test('passed tests are counted and failed ones named with their package', async () => {
  const totals = await read({
    success: false,
    testResults: [file({ one: 'passed', two: 'failed' }, 'failed'), file({ three: 'passed' })],
  })
  expect(totals).toEqual({ passed: 2, failures: ['@studio/sample: two'] })
  expect(formatTotals(totals)).toBe('2 passed, 1 failed')
})

test.each(['skipped', 'pending', 'todo'])('a test that was left out as %s is a failure', async (status) => {
  const totals = await read({ success: true, testResults: [file({ one: 'passed', two: status })] })
  expect(totals).toEqual({ passed: 1, failures: [`@studio/sample: two (${status})`] })
})

test('a file that cannot be imported is a failure', async () => {
  const totals = await read({ success: false, testResults: [file({}, 'failed', 'Cannot find module\nmore')] })
  expect(totals.failures).toEqual(['@studio/sample: sample.test.ts could not be run: Cannot find module'])
})

test('an error outside all tests is a failure', async () => {
  const totals = await read({ success: false, testResults: [file({ one: 'passed' })] })
  expect(totals.failures).toEqual(['@studio/sample: had an error outside its tests'])
})

test('a package without a report, with one that is no report, or without tests has failed', async () => {
  expect((await read()).failures).toEqual(['@studio/sample: ended without a report of its tests'])
  expect((await read({})).failures).toEqual(['@studio/sample: left a report that cannot be read'])
  expect((await read({ success: true, testResults: [] })).failures).toEqual(['@studio/sample: holds no test'])
})
