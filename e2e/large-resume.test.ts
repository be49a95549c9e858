import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findTestChromium } from '@studio/dev/testing/test-chromium'
import { describe, onTestFinished } from 'vitest'
import { resumeBytes } from './env.ts'
import { callBff } from './src/bff-call.ts'
import { startBrowserLine, type BrowserLine } from './src/browser-line.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { dropKept } from './src/kept-files.ts'
import { noiseSha256, writeNoiseFile } from './src/noise-file.ts'
import type { Person } from './src/people.ts'
import { scrubFiles, withoutServer } from './src/server-control.ts'
import { signIn } from './src/sign-in.ts'
import type { StudioAddress } from './src/studio-address.ts'
import { trayOf } from './src/upload-tray.ts'

const MIB = 1024 * 1024
const PART = 8 * MIB
const FILE = { name: 'master.bin', size: resumeBytes }
const PARTS = Math.ceil(FILE.size / PART)
/** Browsers open no more connections to one server than this. */
const LANES = 6
/** For the slowest machine that is to pass: everything in bytes is done some five times, at 20 MiB a second each. */
const BYTES_MS = Math.ceil(FILE.size / (4 * MIB)) * 1000
const DEADLINE_MS = 60_000 + BYTES_MS

/** A browser with a profile on disk, where 5 GiB find room, behind the line. Everything is gone after the test. */
async function openBrowser(studio: StudioAddress, line: BrowserLine): Promise<Page> {
  const profile = await mkdtemp(path.join(tmpdir(), 'studio-large-resume-'))
  onTestFinished(() => rm(profile, { recursive: true, force: true }))
  const { executablePath, args } = await findTestChromium()
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...args],
    baseURL: studio.webUrl,
    proxy: { server: line.url },
  })
  onTestFinished(() => browser.close())
  return browser.newPage()
}

/** So many parts at least are to break off: an upload that knows nothing of its line begins with three at once. */
const HALFWAY = 2

/** Lets the upload go on to so many confirmed parts, with others halfway. */
async function sendUntil(line: BrowserLine, parts: number, halfway = HALFWAY): Promise<void> {
  line.letThrough(parts)
  await expect.poll(() => line.confirmed().size, { timeout: DEADLINE_MS, intervals: [50] }).toBe(parts)
  await expect.poll(() => line.held(), { intervals: [20] }).toBeGreaterThanOrEqual(halfway)
}

/** What comes back to whoever downloads the file. */
async function downloadedSha256(studio: StudioAddress, person: Person, fileId: string): Promise<string> {
  const answer = await callBff(studio, person, { procedure: 'files.urls', input: { items: [{ fileId }] } })
  const { items } = answer.data as { items: [{ url: string }] }
  const { body } = await fetch(items[0].url)
  const hash = createHash('sha256')
  for await (const bytes of body ?? []) hash.update(bytes)
  return hash.digest('hex')
}

describe('a large upload', () => {
  test(
    'survives a reload, a network cut and a killed Asset Service in one go, and sends nothing twice that was confirmed',
    { timeout: 2 * DEADLINE_MS },
    async ({ studio, team: { ada, card, project }, annotate }) => {
      const line = await startBrowserLine()
      onTestFinished(() => line.close())
      const page = await openBrowser(studio, line)
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('dialog', (dialog) => (faults.push(`asked: ${dialog.type()}`), void dialog.accept()))
      await page.goto(project.path)
      await signIn(page, ada)
      await page.waitForURL(project.path)
      await expect(page.getByText('Drop files here')).toBeVisible()
      await writeNoiseFile(page, FILE)

      const begunAt = performance.now()
      const stage = Math.floor(PARTS / 5)
      await dropKept(page, card.title, [FILE.name])
      await sendUntil(line, stage)
      await page.reload({ waitUntil: 'commit' })
      line.dropHeld()
      await expect(trayOf(page)).toBeVisible()

      await sendUntil(line, 2 * stage)
      line.cut()
      await expect.poll(() => line.refused(), { timeout: 30_000 }).toBeGreaterThan(LANES)
      line.mend()

      // Fewer go at once after failures.
      await sendUntil(line, 3 * stage, 1)
      const unanswered = page.waitForResponse(
        (response) => response.url().includes('/trpc/files.') && response.status() >= 500,
        { timeout: DEADLINE_MS },
      )
      await withoutServer(studio, 'asset-server', async () => {
        line.letThrough(PARTS)
        await unanswered
      })

      const files = page.getByRole('list', { name: `Files on ${card.title}` })
      await expect(files.getByRole('link', { name: FILE.name })).toBeVisible({ timeout: DEADLINE_MS })
      const seconds = (performance.now() - begunAt) / 1000
      const again = line.partBytes() - FILE.size
      await annotate(
        `${FILE.size / MIB} MiB in ${PARTS} parts and ${seconds.toFixed(0)} s: ${line.attempts() - PARTS} parts broke off ` +
          `and were begun again, ${(again / MIB).toFixed(1)} MiB were sent in vain`,
      )
      expect(line.confirmed().size).toBe(PARTS)
      expect(line.sentAgain()).toEqual([])
      // What was on its way when the page or the network went is all that is sent again.
      expect(again).toBeLessThanOrEqual(2 * LANES * PART)
      expect(faults).toEqual([])

      const sha256 = noiseSha256(FILE)
      const records = ada.records.collection('files')
      const [record, ...others] = await records.getFullList({ filter: `card = "${card.id}"` })
      expect(others).toEqual([])
      expect(record).toMatchObject({ name: FILE.name, size: FILE.size, sha256: '' })
      const fileId = String(record?.id)
      expect(await downloadedSha256(studio, ada, fileId)).toBe(sha256)
      await scrubFiles(studio)
      await expect
        .poll(async () => (await records.getOne(fileId))['sha256'], { timeout: 30_000 })
        .toBe(sha256)
    },
  )
})
