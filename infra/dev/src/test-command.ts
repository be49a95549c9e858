/** `pnpm test`: brings every server that the tests need, runs each package's tests, and ends with their number. */

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { printLine, runCommand } from './command-line.ts'
import { DevError } from './dev-error.ts'
import { readEnvironment, type DevEnvironment } from './env.ts'
import { forgetSummaries, readFailedPackages } from './failed-packages.ts'
import { REPOSITORY } from './repository.ts'
import { findChromium } from './servers/chromium.ts'
import { findServerBinary } from './servers/find-server-binary.ts'
import { findPostgres } from './servers/postgres-installation.ts'
import {
  formatTotals,
  readTestReport,
  REPORT_DIRECTORY,
  REPORT_FILE,
  type TestPackage,
} from './test-report.ts'

// Two packages at once: their servers and browsers want the rest of a small machine.
const TURBO_ARGUMENTS = [
  'run',
  'test',
  '--concurrency=2',
  '--env-mode=loose',
  '--continue=always',
  '--output-logs=new-only',
  '--summarize',
]
const VITEST_ARGUMENTS = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT_FILE}`]

async function test(signal: AbortSignal): Promise<number> {
  const environment = readEnvironment()
  await bringServers(environment, signal)
  const packages = await listPackages(environment)
  await Promise.all(
    packages.map((each) => rm(path.join(each.directory, REPORT_DIRECTORY), { recursive: true, force: true })),
  )

  await forgetSummaries(REPOSITORY)
  const run = await turbo(environment, signal)
  signal.throwIfAborted()

  const reports = await Promise.all(packages.map(readTestReport))
  const passed = reports.reduce((sum, report) => sum + report.passed, 0)
  const failures = reports.flatMap((report) => report.failures)
  for (const name of await readFailedPackages(REPOSITORY)) {
    if (!failures.some((failure) => failure.startsWith(`${name}: `))) {
      failures.push(`${name}: ended with an error outside its tests`)
    }
  }
  // A failure of turbo itself must not pass for success because every report that it left was fine.
  if (run.exitCode !== 0 && failures.length === 0) failures.push(`turbo ended with exit code ${run.exitCode}`)
  if (failures.length > 0) printLine(['', 'Failed:', ...failures.map((failure) => `  ${failure}`)].join('\n'))
  printLine()
  printLine(formatTotals({ passed, failures }))
  return failures.length === 0 ? 0 : 1
}

// One after the other: two builds at once would only take turns on the same cores, and mix their lines.
async function bringServers(environment: DevEnvironment, signal: AbortSignal): Promise<void> {
  const options = { environment, onLine: printLine, signal }
  await findPostgres()
  await findServerBinary('pocketbase', options)
  await findServerBinary('versitygw', options)
  await findChromium(options)
}

const dryRunSchema = z.object({
  tasks: z.array(
    z.object({ task: z.string(), package: z.string(), directory: z.string(), command: z.string() }),
  ),
})

// Turbo names every package, and this in place of the command of one that has no such script.
const NO_SCRIPT = '<NONEXISTENT>'

async function listPackages(environment: DevEnvironment): Promise<TestPackage[]> {
  const { stdout } = await execa(turboProgram(), ['run', 'test', '--dry=json', ...process.argv.slice(2)], {
    cwd: REPOSITORY,
    env: turboEnvironment(environment),
    extendEnv: false,
    stdin: 'ignore',
  }).catch((thrown: unknown) => {
    throw new DevError('turbo cannot list the packages; run this through `npx pnpm@12 test`.', {
      cause: thrown,
    })
  })
  const { tasks } = dryRunSchema.parse(JSON.parse(stdout))
  return (
    tasks
      // What the tests depend on is listed too: other packages' types, checked first.
      .filter(({ task, command }) => task === 'test' && command !== NO_SCRIPT)
      .map((task) => ({ name: task.package, directory: path.join(REPOSITORY, task.directory) }))
  )
}

function turbo(environment: DevEnvironment, signal: AbortSignal) {
  return execa(turboProgram(), [...TURBO_ARGUMENTS, ...process.argv.slice(2), '--', ...VITEST_ARGUMENTS], {
    cwd: REPOSITORY,
    env: turboEnvironment(environment),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    cancelSignal: signal,
    forceKillAfterDelay: 20_000,
  })
}

function turboProgram(): string {
  return path.join(REPOSITORY, 'node_modules', '.bin', 'turbo')
}

function turboEnvironment(environment: DevEnvironment): Record<string, string> {
  return { ...environment.inherited, TURBO_TELEMETRY_DISABLED: '1' }
}

await runCommand(test)
