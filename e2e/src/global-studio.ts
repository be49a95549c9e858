/** Vitest global set-up: one stack with the demo project, and one Chromium, for the whole run. */
import { chromium, type BrowserServer } from '@playwright/test'
import { seedDemoProject } from '@studio/dev/demo-project'
import { addressesOf } from '@studio/dev/stack/stack-file'
import { findTestChromium } from '@studio/dev/testing/test-chromium'
import { readTestEnvironment } from '@studio/dev/testing/test-environment'
import { startTestStack, type TestStack } from '@studio/dev/testing/test-stack'
import type { TestProject } from 'vitest/node'
import { emptyArtifacts } from './artifacts.ts'
import { serveControl } from './server-control.ts'

const SEED_MS = 60_000
const FIRST_PAGE_MS = 60_000

// Nothing that a browser does of its own accord: no update, no sync, no first-run page.
const QUIET_FLAGS = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts everything, and answers how to end it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  emptyArtifacts()
  const undo: (() => Promise<void>)[] = []
  const end = async () => {
    for (const step of undo.toReversed()) await step()
  }
  try {
    const [stack, browser] = await Promise.all([
      startTestStack().then((started) => (undo.push(started.dispose), started)),
      launchChromium().then((launched) => (undo.push(() => launched.close()), launched)),
    ])
    const control = await serveControl(stack)
    undo.push(control.close)
    await Promise.all([seed(stack), compilePage(stack, browser)])
    const addresses = addressesOf(stack)
    const { objectStoreUrl } = addresses
    if (objectStoreUrl === undefined) throw new Error('These tests need an S3 server.')
    project.provide('studio', {
      ...addresses,
      objectStoreUrl,
      superuser: stack.servers.pocketbase.superuser,
      demoPassword: stack.secrets.demoPassword,
      controlUrl: control.url,
      chromiumEndpoint: browser.wsEndpoint(),
    })
  } catch (thrown) {
    await end()
    throw thrown
  }
  return end
}

async function launchChromium(): Promise<BrowserServer> {
  const { executablePath, args } = await findTestChromium()
  return chromium.launchServer({ executablePath, args: [...args, ...QUIET_FLAGS], host: '127.0.0.1' })
}

async function seed(stack: TestStack): Promise<void> {
  await seedDemoProject({
    addresses: addressesOf(stack),
    superuser: stack.servers.pocketbase.superuser,
    demoPassword: stack.secrets.demoPassword,
    environment: readTestEnvironment(),
    signal: AbortSignal.timeout(SEED_MS),
  })
}

// Vite compiles the sources, and bundles what they import, when a first page asks for them.
async function compilePage(stack: TestStack, server: BrowserServer): Promise<void> {
  const browser = await chromium.connect(server.wsEndpoint())
  try {
    const page = await browser.newPage()
    await page.goto(stack.urls.web)
    await page.getByRole('button', { name: 'Sign in' }).waitFor({ timeout: FIRST_PAGE_MS })
  } finally {
    await browser.close()
  }
}
