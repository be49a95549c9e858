import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page, Request } from '@playwright/test'
import { afterAll, beforeAll, describe } from 'vitest'
import { pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { inspectScreen } from './src/inspect-screen.ts'
import { bytes } from './src/made-files.ts'

const MIB = 1024 * 1024
const LARGE = { name: 'rushes.bin', size: 30 * MIB }
/** Slow enough for a person, or a test, to see the bar move; in bytes a second. */
const SLOW = 12 * MIB
/** Slow enough to look at the bar from all sides while it moves. */
const VERY_SLOW = 1.5 * MIB
/** All that may pass the BFF for one file: a few calls with a few hundred bytes of JSON each. */
const CALLS_MAX_BYTES = 64 * 1024

let directory = ''
let largeFile = ''
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-e2e-'))
  largeFile = path.join(directory, LARGE.name)
  await writeFile(largeFile, bytes(LARGE.name, LARGE.size).buffer)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** Limits what this browser sends, in bytes a second. */
async function limitUploads(page: Page, uploadThroughput: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const unlimited = { offline: false, latency: 0, downloadThroughput: -1 }
  await session.send('Network.emulateNetworkConditions', { ...unlimited, uploadThroughput })
}

/** The bytes that a browser sent in the bodies of its requests to one server. */
async function bytesSent(requests: readonly Request[], server: string): Promise<number> {
  const lengths = await Promise.all(
    requests
      .filter((request) => request.url().startsWith(server))
      .map((request) => request.headerValue('content-length')),
  )
  return lengths.reduce((sum, length) => sum + Number(length), 0)
}

function percentOf(page: Page): () => Promise<number> {
  const bar = page.getByRole('progressbar', { name: `Uploading ${LARGE.name}` })
  return async () => Number((await bar.getAttribute('aria-valuenow')) ?? Number.NaN)
}

describe('a file of 30 MiB', () => {
  test('goes from the browser straight to the store, past the BFF, and its bar moves on the way', async ({
    studio,
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const requests: Request[] = []
    page.on('requestfinished', (request) => requests.push(request))
    await limitUploads(page, SLOW)
    await pickFiles(page, card.title, largeFile)

    const percent = percentOf(page)
    await expect.poll(percent, { intervals: [50] }).toBeGreaterThan(10)
    const early = await percent()
    expect(early).toBeLessThan(90)
    await expect.poll(percent, { intervals: [50] }).toBeGreaterThan(early)

    const files = page.getByRole('list', { name: `Files on ${card.title}` })
    await expect(files.getByRole('link', { name: LARGE.name })).toBeVisible()
    const { origin } = new URL(studio.objectStoreUrl)
    await expect.poll(() => bytesSent(requests, origin)).toBe(LARGE.size)
    for (const server of [studio.webUrl, studio.bffUrl, studio.assetServerUrl]) {
      expect(await bytesSent(requests, server)).toBeLessThan(CALLS_MAX_BYTES)
    }
  })

  test('leaves nothing behind when it is cancelled on the way', async ({
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    await limitUploads(page, VERY_SLOW)
    await pickFiles(page, card.title, largeFile)
    await expect.poll(percentOf(page), { intervals: [50] }).toBeGreaterThan(10)
    await inspectScreen(page, 'project-uploading')
    expect(await percentOf(page)()).toBeLessThan(90)
    const [settled] = await Promise.all([
      page.waitForResponse(/\/trpc\/files\.abort/),
      page.getByRole('button', { name: `Cancel upload of ${LARGE.name}` }).click(),
    ])
    expect(settled.status()).toBe(200)
    await expect(page.getByText(LARGE.name)).toHaveCount(0)
    await page.reload()
    await expect(page.getByRole('region', { name: card.title }).getByText('Drop files here')).toBeVisible()
    await expect(page.getByText(LARGE.name)).toHaveCount(0)
    const records = await ada.records.collection('files').getFullList({ filter: `project = "${project.id}"` })
    expect(records).toEqual([])
  })
})
