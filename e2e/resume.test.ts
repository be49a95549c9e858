import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findTestChromium } from '@studio/dev/testing/test-chromium'
import { afterAll, beforeAll, describe } from 'vitest'
import { pickByPath } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { inspectScreen } from './src/inspect-screen.ts'
import { dropKept, keptUploads, writeKeptFile } from './src/kept-files.ts'
import { bytes } from './src/made-files.ts'
import type { Team } from './src/people.ts'
import { signIn } from './src/sign-in.ts'
import { limitUploads, openTray, rowOf, trayOf, watchParts } from './src/upload-tray.ts'

const MIB = 1024 * 1024
const NAME = 'rushes.bin'
const SIZE = 40 * MIB
/** Of 8 MiB each. */
const PARTS = 5
/** Slow enough that a page can be reloaded between two parts; in bytes a second. */
const SLOW = 6 * MIB

let directory = ''
let onDisk = ''
let otherOnDisk = ''
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-resume-'))
  onDisk = path.join(directory, NAME)
  await writeFile(onDisk, bytes(NAME, SIZE).buffer)
  otherOnDisk = path.join(directory, 'other.bin')
  await writeFile(otherOnDisk, Buffer.alloc(SIZE))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** Waits for the file on its card, and answers its record. */
async function storedRecord(page: Page, { ada, card }: Team) {
  const files = page.getByRole('list', { name: `Files on ${card.title}` })
  await expect(files.getByRole('link', { name: NAME })).toBeVisible({ timeout: 40_000 })
  const records = await ada.records.collection('files').getFullList({ filter: `card = "${card.id}"` })
  expect(records).toHaveLength(1)
  return records[0]
}

describe('an upload that was interrupted', () => {
  test('goes on by itself after a reload, and sends nothing twice that was confirmed', async ({
    team,
    openAs,
  }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await expect(page.getByText('Drop files here')).toBeVisible()
    await writeKeptFile(page, { path: NAME, size: SIZE, seed: 1 })
    const before = watchParts(page)
    await limitUploads(page, SLOW)
    await dropKept(page, team.card.title, [NAME])
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    const asked: string[] = []
    page.on('dialog', (dialog) => (asked.push(dialog.type()), void dialog.accept()))
    await page.reload()

    const confirmed = [...before]
    before.length = 0
    const record = await storedRecord(page, team)
    expect(record?.['size']).toBe(SIZE)
    expect(before.filter((part) => confirmed.includes(part))).toEqual([])
    // Some may have arrived while the page went away, whose answers it did not hear: these are not sent again either.
    expect(confirmed.length + before.length).toBeLessThanOrEqual(PARTS)
    // Nothing would have been lost, so nobody was asked.
    expect(asked).toEqual([])
  })

  test('is remembered while it is paused, and stays paused after a reload', async ({ team, openAs }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await expect(page.getByText('Drop files here')).toBeVisible()
    await writeKeptFile(page, { path: NAME, size: SIZE, seed: 2 })
    await limitUploads(page, SLOW)
    await dropKept(page, team.card.title, [NAME])
    await openTray(page)
    await trayOf(page)
      .getByRole('button', { name: `Pause ${NAME}` })
      .click()
    await expect(rowOf(page, NAME)).toContainText('Paused')
    await expect.poll(() => keptUploads(page)).toMatchObject([{ held: true }])
    await page.reload()
    await expect(trayOf(page).getByRole('heading')).toHaveText('1 upload paused')
    await trayOf(page).getByRole('button', { name: 'Resume all uploads' }).click()
    await storedRecord(page, team)
  })

  test('asks for its file where the browser could not keep it, refuses another in words, and goes on with the right one', async ({
    team,
    openAs,
  }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    const before = watchParts(page)
    await limitUploads(page, SLOW)
    await pickToCard(page, team)
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    const asked: string[] = []
    page.on('dialog', (dialog) => (asked.push(dialog.type()), void dialog.accept()))
    await page.reload()
    // Its file has to be picked again, so leaving was worth a question.
    expect(asked).toEqual(['beforeunload'])
    const confirmed = [...before]
    before.length = 0

    const row = rowOf(page, NAME)
    await expect(row).toContainText('Choose the file again to continue.')
    await inspectScreen(page, 'tray-choose-again')
    await chooseFor(page, otherOnDisk)
    await expect(row).toContainText(
      `“other.bin” is not the “${NAME}” that was begun: its content is another.`,
    )
    await chooseFor(page, onDisk)
    await storedRecord(page, team)
    expect(before.filter((part) => confirmed.includes(part))).toEqual([])
  })

  test('goes on when its file is added to the card again', async ({ team, openAs }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    const before = watchParts(page)
    await limitUploads(page, SLOW)
    await pickToCard(page, team)
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    const confirmed = [...before]
    before.length = 0
    await expect(rowOf(page, NAME)).toContainText('Choose the file again to continue.')
    await pickToCard(page, team)
    await storedRecord(page, team)
    expect(before.filter((part) => confirmed.includes(part))).toEqual([])
  })

  test('is offered on another device, where choosing its file goes on with it', async ({ team, openAs }) => {
    const here = await openAs(team.ada, { at: team.project.path })
    const before = watchParts(here)
    await limitUploads(here, SLOW)
    await pickToCard(here, team)
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    await here.close()

    const there = await openAs(team.ada, { at: '/' })
    const after = watchParts(there)
    // What was begun a moment ago may still run where it was begun, and is not offered.
    await there.clock.setFixedTime(Date.now() + 5 * 60_000)
    await there.goto(team.project.path)
    await expect(rowOf(there, NAME)).toContainText('Begun on another device.')
    await inspectScreen(there, 'tray-other-device')
    await there.clock.setFixedTime(Date.now())
    await chooseFor(there, onDisk)
    await storedRecord(there, team)
    expect(after.filter((part) => before.includes(part))).toEqual([])
  })

  test('is not run by a second page of the same browser, which takes it over when the first is closed', async ({
    team,
    openAs,
  }) => {
    const first = await openAs(team.ada, { at: team.project.path })
    await expect(first.getByText('Drop files here')).toBeVisible()
    await writeKeptFile(first, { path: NAME, size: SIZE, seed: 3 })
    const before = watchParts(first)
    await limitUploads(first, SLOW)
    await dropKept(first, team.card.title, [NAME])
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    const second = await first.context().newPage()
    const after = watchParts(second)
    await second.goto(team.project.path)
    await expect(second.getByRole('region', { name: team.card.title })).toBeVisible()
    await expect(trayOf(second)).toHaveCount(0)
    await first.close()
    await expect(trayOf(second)).toBeVisible()
    await storedRecord(second, team)
    expect(after.filter((part) => before.includes(part))).toEqual([])
  })

  test('goes on in a new browser with the same profile after the first was killed', async ({
    studio,
    team,
  }) => {
    const profile = path.join(directory, 'profile')
    const { executablePath, args } = await findTestChromium()
    const launch = () =>
      chromium.launchPersistentContext(profile, {
        executablePath,
        args: [...args],
        baseURL: studio.webUrl,
      })
    const browser = await launch()
    const page = await browser.newPage()
    await page.goto(team.project.path)
    await signIn(page, team.ada)
    await page.waitForURL(team.project.path)
    await expect(page.getByText('Drop files here')).toBeVisible()
    await writeKeptFile(page, { path: NAME, size: SIZE, seed: 4 })
    const before = watchParts(page)
    await limitUploads(page, SLOW)
    await dropKept(page, team.card.title, [NAME])
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    await browser.close()

    const again = await launch()
    try {
      const next = await again.newPage()
      const after = watchParts(next)
      await next.goto(team.project.path)
      await storedRecord(next, team)
      expect(after.filter((part) => before.includes(part))).toEqual([])
    } finally {
      await again.close()
    }
  })
})

/** Adds the file to the card, as its picker does. */
async function pickToCard(page: Page, { card }: Team): Promise<void> {
  await expect(page.getByRole('button', { name: `Add files to ${card.title}` })).toBeVisible()
  await pickByPath(page, onDisk)
}

/** Answers the picker that the tray has for a waiting upload. */
async function chooseFor(page: Page, file: string): Promise<void> {
  await expect(rowOf(page, NAME).getByRole('button', { name: `Choose ${NAME} again` })).toBeVisible()
  await pickByPath(page, file, `input[aria-label="File for ${NAME}"]`)
}
