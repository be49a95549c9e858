/** Where a run leaves pictures: beside the test report, out of version control, those of the last run only. */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'

const ARTIFACTS = path.resolve(import.meta.dirname, '../node_modules/.studio-test')

/** Every screen, by name. */
export const SCREENS_DIRECTORY = path.join(ARTIFACTS, 'screens')

/** What a failed test's browsers showed and said. */
export const FAILURES_DIRECTORY = path.join(ARTIFACTS, 'failures')

/** Makes both folders, empty. */
export function emptyArtifacts(): void {
  for (const directory of [SCREENS_DIRECTORY, FAILURES_DIRECTORY]) {
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { recursive: true })
  }
}
