/** Finds a Chromium for the browser tests, or installs one. */

import { createRequire } from 'node:module'
import path from 'node:path'
import { execa } from 'execa'
import { DevError, NoServerError } from '../dev-error.ts'
import type { DevEnvironment } from '../env.ts'
import { withFileLock } from '../processes/file-lock.ts'
import { cacheDirectory, ensureWritableCache } from './cache-directory.ts'
import { isExecutable, searchPath } from './search-path.ts'

const INSTALLED_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MAC_APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

export interface ChromiumOptions {
  readonly environment: DevEnvironment
  /** Told what takes time. */
  readonly onLine: (line: string) => void
}

/** The path of a Chromium that starts. Throws a {@link DevError} naming what to install when there is no way to one. */
export async function findChromium(options: ChromiumOptions): Promise<string> {
  const { environment } = options
  const named = environment.STUDIO_CHROMIUM_BIN
  if (named !== undefined) {
    if (await starts(named)) return named
    throw new DevError(`STUDIO_CHROMIUM_BIN is ${named}, which does not start.`)
  }
  const found = await findInstalled(environment)
  if (found) return found

  const cache = cacheDirectory(environment)
  await ensureWritableCache(cache)
  return withFileLock(path.join(cache, 'chromium.lock'), async () => {
    const installedMeanwhile = await findInstalled(environment)
    if (installedMeanwhile) return installedMeanwhile
    await installWithPlaywright(options)
    const fromPlaywright = await findInstalled(environment)
    if (fromPlaywright) return fromPlaywright
    await installWithApt(options)
    const fromApt = await findInstalled(environment)
    if (fromApt) return fromApt
    throw new NoServerError(
      'The browser tests need Chromium, which is not on this machine and could not be installed. ' +
        'Install chromium or google-chrome, or set STUDIO_CHROMIUM_BIN to its path.',
    )
  })
}

async function findInstalled(environment: DevEnvironment): Promise<string | undefined> {
  const candidates = [
    ...(await Promise.all(INSTALLED_NAMES.map((name) => searchPath(environment.PATH, [name])))),
    ...MAC_APPLICATIONS,
    await playwrightExecutable(),
  ]
  for (const candidate of candidates) {
    if (candidate !== undefined && (await starts(candidate))) return candidate
  }
  return undefined
}

// Some systems have a command of that name that only says how to install the program.
async function starts(file: string): Promise<boolean> {
  if (!(await isExecutable(file))) return false
  const result = await execa(file, ['--version'], { reject: false, timeout: 20_000, stdin: 'ignore' })
  return !result.failed && /chrom/i.test(result.stdout)
}

async function playwrightExecutable(): Promise<string> {
  const { chromium } = await import('@playwright/test')
  return chromium.executablePath()
}

async function installWithPlaywright(options: ChromiumOptions): Promise<void> {
  options.onLine('Installing Chromium with Playwright, once …')
  const manifest = createRequire(import.meta.url).resolve('@playwright/test/package.json')
  await execa(process.execPath, [path.join(path.dirname(manifest), 'cli.js'), 'install', 'chromium'], {
    // A machine without internet moves on soon.
    env: { ...options.environment.inherited, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '3000' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 600_000,
  })
}

async function installWithApt(options: ChromiumOptions): Promise<void> {
  const { environment } = options
  const apt = await searchPath(environment.PATH, ['apt-get'])
  if (!apt || process.getuid?.() !== 0) return
  options.onLine('Installing Chromium with apt-get, once …')
  const settings = {
    env: { ...environment.inherited, DEBIAN_FRONTEND: 'noninteractive' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 600_000,
  } as const
  await execa(apt, ['update'], settings)
  await execa(apt, ['install', '-y', '--no-install-recommends', 'chromium'], settings)
}
