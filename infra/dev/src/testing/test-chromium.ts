/** The browser of the browser tests. */

import { readTestEnvironment } from './test-environment.ts'
import { findChromium } from '../servers/chromium.ts'
import { toStandardError } from './progress-line.ts'

export interface TestChromium {
  readonly executablePath: string
  readonly args: readonly string[]
}

/** What to give to Playwright's `chromium.launch`; installs a browser where there is none. */
export async function findTestChromium(): Promise<TestChromium> {
  const environment = readTestEnvironment()
  return {
    executablePath: await findChromium({ environment, onLine: toStandardError }),
    // Root, and most containers, cannot use Chromium's own sandbox; the tests only open pages of this machine.
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  }
}
