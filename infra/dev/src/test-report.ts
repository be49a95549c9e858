/** Adds up what the packages' test runs reported. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Where a package's run leaves vitest's JSON report, below the package: turbo keeps it, so cached runs count too. */
export const REPORT_DIRECTORY = path.join('node_modules', '.studio-test')
export const REPORT_FILE = path.join(REPORT_DIRECTORY, 'report.json')

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

export interface TestPackage {
  readonly name: string
  readonly directory: string
}

export interface TestTotals {
  readonly passed: number
  /** One line for each failure: its package and its name. */
  readonly failures: readonly string[]
}

/** Reads one package's report. No report, no test, and a test that was skipped are failures too. */
export async function readTestReport(testPackage: TestPackage): Promise<TestTotals> {
  const file = path.join(testPackage.directory, REPORT_FILE)
  const content = await readFile(file, 'utf8').catch(() => undefined)
  if (content === undefined) return fail(testPackage, 'ended without a report of its tests')
  const parsed = reportSchema.safeParse(JSON.parse(content))
  if (!parsed.success) return fail(testPackage, 'left a report that cannot be read')

  const { success, testResults } = parsed.data
  const tests = testResults.flatMap((file) => file.assertionResults)
  const failures = [
    ...tests
      .filter((test) => test.status !== 'passed')
      .map((test) => (test.status === 'failed' ? test.fullName : `${test.fullName} (${test.status})`)),
    ...testResults.filter(brokeOutsideItsTests).map(describeBrokenFile),
  ]
  if (tests.length === 0 && failures.length === 0) failures.push('holds no test')
  if (!success && failures.length === 0) failures.push('had an error outside its tests')
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failures: failures.map((failure) => `${testPackage.name}: ${failure}`),
  }
}

/** The line that a test run ends with. */
export function formatTotals({ passed, failures }: TestTotals): string {
  return `${passed} passed, ${failures.length} failed`
}

type FileResult = z.infer<typeof reportSchema>['testResults'][number]

// A file that cannot be imported, or whose hooks throw, has failed without a failing test.
function brokeOutsideItsTests(file: FileResult): boolean {
  return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
}

function describeBrokenFile(file: FileResult): string {
  const [firstLine = ''] = (file.message ?? '').split('\n')
  return `${path.basename(file.name)} could not be run: ${firstLine}`
}

function fail(testPackage: TestPackage, what: string): TestTotals {
  return { passed: 0, failures: [`${testPackage.name}: ${what}`] }
}
