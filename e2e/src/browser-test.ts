/** The tests' own `test`: people, and browsers that leave a picture and a log behind where a test fails. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'
import { inject, test as base } from 'vitest'
import { createTeam, type Person } from './people.ts'
import { openBrowsers } from './open-browsers.ts'
import { signIn } from './sign-in.ts'

export interface OpenAsOptions extends BrowserContextOptions {
  /** The path of the page to sign in for. */
  readonly at: string
}

/** `openBrowser` opens a browser of its own, with nobody signed in; `openAs` signs a person in and waits for the page. */
export const test = base
  .extend('studio', { scope: 'file' }, () => inject('studio'))
  .extend('chromium', { scope: 'file' }, async ({ studio }, { onCleanup }): Promise<Browser> => {
    const browser = await chromium.connect(studio.chromiumEndpoint)
    onCleanup(() => browser.close())
    return browser
  })
  .extend('team', ({ studio }) => createTeam(studio))
  .extend('openBrowser', ({ studio, chromium: browser, task }, { onCleanup }) => {
    const browsers = openBrowsers(browser, { baseURL: studio.webUrl })
    onCleanup(() => browsers.close(task))
    return browsers.open
  })
  .extend('openAs', ({ openBrowser }) => async (person: Person, options: OpenAsOptions): Promise<Page> => {
    const { at, ...context } = options
    const page = await openBrowser(context)
    await page.goto(at)
    await signIn(page, person)
    await page.waitForURL(at)
    return page
  })
