/** Opens the browsers of one test, listens to what goes wrong in them, and leaves evidence when the test fails. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test'
import type { RunnerTestCase } from 'vitest'
import { FAILURES_DIRECTORY } from './artifacts.ts'

interface OpenedBrowser {
  readonly context: BrowserContext
  readonly page: Page
  readonly log: string[]
  /** What the page itself did wrong, as opposed to what a server refused. */
  readonly faults: string[]
}

export interface Browsers {
  open(options?: BrowserContextOptions): Promise<Page>
  /** Closes all; a test that passed fails after all when a page threw or complained. */
  close(task: Readonly<RunnerTestCase>): Promise<void>
}

// Refused requests are written to the console too; what they lead to on the page is what tests look at.
const REFUSED_REQUEST = /^Failed to load resource|net::ERR_/

/** Begins with no browser. */
export function openBrowsers(browser: Browser, defaults: BrowserContextOptions): Browsers {
  const opened: OpenedBrowser[] = []
  return {
    async open(options = {}) {
      const context = await browser.newContext({ ...defaults, ...options })
      // Chromium's newer picker is the system's own, which nobody here can answer; without it the page uses an input.
      await context.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'))
      const page = await context.newPage()
      const log: string[] = []
      const faults: string[] = []
      listen(page, { log, faults })
      opened.push({ context, page, log, faults })
      return page
    },
    async close(task) {
      if (task.result?.state === 'fail') await leaveEvidence(task, opened)
      await Promise.all(opened.map(({ context }) => context.close()))
      const faults = opened.flatMap((one) => one.faults)
      if (faults.length > 0) throw new Error(`A page did what it should not:\n${faults.join('\n')}`)
    },
  }
}

function listen(page: Page, { log, faults }: Pick<OpenedBrowser, 'log' | 'faults'>): void {
  page.on('console', (message) => {
    const line = `${message.type()}: ${message.text()}`
    log.push(line)
    if (message.type() === 'error' && !REFUSED_REQUEST.test(message.text())) faults.push(line)
  })
  page.on('pageerror', (error) => {
    log.push(`uncaught: ${error.stack ?? error.message}`)
    faults.push(`uncaught: ${error.message}`)
  })
  page.on('requestfailed', (request) =>
    log.push(`failed: ${request.method()} ${withoutQuery(request.url())} ${request.failure()?.errorText}`),
  )
  page.on('response', (response) => {
    if (response.status() < 400) return
    log.push(`${response.status()}: ${response.request().method()} ${withoutQuery(response.url())}`)
  })
  page.on('framenavigated', (frame) => log.push(`at: ${withoutQuery(frame.url())}`))
}

/** Signatures are not for logs. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*/s, '')
}

/** Saves what each browser shows and said, and names the files in the failure's message. */
async function leaveEvidence(
  task: Readonly<RunnerTestCase>,
  opened: readonly OpenedBrowser[],
): Promise<void> {
  const name = task.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80)
  const saved = await Promise.all(
    opened.map(async ({ page, log }, index) => {
      const file = path.join(FAILURES_DIRECTORY, `${name}-${index + 1}`)
      await writeFile(`${file}.log`, `${log.join('\n')}\n`)
      const picture = await page.screenshot({ path: `${file}.png`, timeout: 5_000 }).then(
        () => `${file}.png`,
        () => 'no picture',
      )
      return `  browser ${index + 1} at ${withoutQuery(page.url())}: ${picture}, ${file}.log`
    }),
  )
  const [error] = task.result?.errors ?? []
  if (error !== undefined && saved.length > 0) error.message += `\n\n${saved.join('\n')}`
}
