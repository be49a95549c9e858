import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe } from 'vitest'
import { pickByPath, pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { inspectScreen } from './src/inspect-screen.ts'
import { bytes } from './src/made-files.ts'
import type { Team } from './src/people.ts'
import { tabTo } from './src/press-keys.ts'
import { limitUploads, openTray, rowOf, trayOf, watchParts } from './src/upload-tray.ts'

const MIB = 1024 * 1024

let directory = ''
let onDisk = ''
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-offers-'))
  onDisk = path.join(directory, 'rushes.bin')
  await writeFile(onDisk, bytes('rushes.bin', 40 * MIB).buffer)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const isStore = (url: URL) => url.searchParams.has('X-Amz-Signature')

async function namesOn({ ada, card }: Team): Promise<unknown[]> {
  const records = await ada.records
    .collection('files')
    .getFullList({ filter: `card = "${card.id}"`, sort: 'name,created' })
  return records.map(({ name }) => name)
}

async function openBoard({ team, openAs }: { team: Team; openAs: OpenAs }): Promise<Page> {
  const page = await openAs(team.ada, { at: team.project.path })
  await expect(page.getByText('Drop files here')).toBeVisible()
  return page
}
type OpenAs = (person: Team['ada'], options: { at: string }) => Promise<Page>

const NOTES = bytes('notes.bin', 3000)
const AGAIN = { ...NOTES, name: 'notes once more.bin' }

/** The project has this file now. */
async function store(page: Page, { card }: Team, files = [NOTES]): Promise<void> {
  await pickFiles(page, card.title, files)
  const shown = page.getByRole('list', { name: `Files on ${card.title}` })
  for (const { name } of files) await expect(shown.getByRole('link', { name, exact: true })).toBeVisible()
}

describe('a file that the project has already', () => {
  test('is not sent but offered, with its name and card, and the one that is here opens', async ({
    team,
    openAs,
  }) => {
    const page = await openBoard({ team, openAs })
    await store(page, team)
    await pickFiles(page, team.card.title, [AGAIN])
    const row = rowOf(page, AGAIN.name)
    await expect(row).toContainText(`Already in this project as “${NOTES.name}” on “${team.card.title}”.`)
    await expect(trayOf(page).getByRole('heading')).toHaveText('1 file already here')
    await inspectScreen(page, 'tray-offer')
    await row.getByRole('button', { name: `Use the one that’s here for ${AGAIN.name}` }).click()
    await expect(page.getByRole('dialog', { name: NOTES.name })).toBeVisible()
    await expect(page.getByText(AGAIN.name)).toHaveCount(0)
    expect(await namesOn(team)).toEqual([NOTES.name])
  })

  test('opens from another screen as well', async ({ team, openAs }) => {
    const page = await openBoard({ team, openAs })
    await store(page, team)
    await pickFiles(page, team.card.title, [AGAIN])
    await expect(rowOf(page, AGAIN.name)).toContainText('Already in this project')
    await page.getByRole('link', { name: 'Studio, all projects' }).click()
    await expect(page.getByRole('link', { name: team.project.name })).toBeVisible()
    await trayOf(page)
      .getByRole('button', { name: /^Use the one/ })
      .click()
    await expect(page.getByRole('dialog', { name: NOTES.name })).toBeVisible()
  })

  test('is stored all the same when somebody wants that, by the keyboard alone', async ({ team, openAs }) => {
    const page = await openBoard({ team, openAs })
    await store(page, team)
    await pickFiles(page, team.card.title, [AGAIN])
    const anyway = trayOf(page).getByRole('button', { name: `Upload ${AGAIN.name} anyway` })
    await expect(anyway).toBeVisible()
    await tabTo(page, anyway)
    await page.keyboard.press('Enter')
    await expect(rowOf(page, AGAIN.name)).toContainText('Done')
    // Its button has gone, and the keyboard is still in the tray.
    await expect(trayOf(page).getByRole('list')).toBeFocused()
    expect(await namesOn(team)).toEqual([AGAIN.name, NOTES.name])
  })

  test('is one of many: the others are stored meanwhile, and one answer is for all', async ({
    team,
    openAs,
  }) => {
    const page = await openBoard({ team, openAs })
    const here = ['a.bin', 'b.bin', 'c.bin'].map((name) => bytes(name, 2000))
    await store(page, team, here)
    const all = [...here, bytes('new.bin', 2000), bytes('newer.bin', 2000)]
    await pickFiles(page, team.card.title, all)
    await expect(trayOf(page)).toContainText('3 of 5 files are already here.')
    await expect(rowOf(page, 'newer.bin')).toContainText('Done')
    await inspectScreen(page, 'tray-offers')
    await trayOf(page).getByRole('button', { name: 'Skip them' }).click()
    await expect(trayOf(page)).not.toContainText('already here')
    expect(await namesOn(team)).toEqual(['a.bin', 'b.bin', 'c.bin', 'new.bin', 'newer.bin'])

    await pickFiles(page, team.card.title, here)
    await expect(trayOf(page)).toContainText('3 files are already here.')
    const announced = page.getByRole('status').filter({ hasText: '3 files are already here.' })
    await expect(announced).toHaveCount(1)
    await trayOf(page).getByRole('button', { name: 'Upload all' }).click()
    await expect.poll(() => namesOn(team)).toHaveLength(8)
  })

  test('is stored when nobody can say whether it is here', async ({ team, openAs }) => {
    const page = await openBoard({ team, openAs })
    await store(page, team)
    // One question fails, the next is never answered.
    let asked = 0
    await page.route('**/trpc/files.findDuplicates*', (route) => {
      asked += 1
      return asked === 1 ? route.fulfill({ status: 503, body: '' }) : undefined
    })
    await pickFiles(page, team.card.title, [AGAIN])
    await expect.poll(() => namesOn(team)).toHaveLength(2)
    await pickFiles(page, team.card.title, [AGAIN])
    await expect.poll(() => namesOn(team)).toHaveLength(3)
    expect(asked).toBe(2)
  })
})

describe('a file that was begun and not finished', () => {
  test('goes on where it was when it is added again on another device, and says so', async ({
    team,
    openAs,
  }) => {
    const here = await openBoard({ team, openAs })
    const before = watchParts(here)
    await limitUploads(here, 6 * MIB)
    await pickByPath(here, onDisk)
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    await here.close()

    const there = await openBoard({ team, openAs })
    const after = watchParts(there)
    let letGo = (): void => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await there.route(isStore, (route) => held.then(() => route.continue()))
    await pickByPath(there, onDisk)
    await openTray(there)
    await expect(rowOf(there, 'rushes.bin')).toContainText(/Going on where you were: \d+% there/)
    await inspectScreen(there, 'tray-going-on')
    letGo()
    await expect(rowOf(there, 'rushes.bin')).toContainText('Done', { timeout: 40_000 })
    expect(after.filter((part) => before.includes(part))).toEqual([])
    expect(await namesOn(team)).toEqual(['rushes.bin'])
  })

  test('is not sent twice when it is added again while it is on its way', async ({ team, openAs }) => {
    const page = await openBoard({ team, openAs })
    await page.route(isStore, (route) => route.abort())
    await pickByPath(page, onDisk)
    await openTray(page)
    await expect(rowOf(page, 'rushes.bin')).toContainText('Waiting for storage…')
    await trayOf(page).getByRole('button', { name: 'Pause rushes.bin' }).click()
    await page.unroute(isStore)
    await pickByPath(page, onDisk)
    await expect(page.getByText('“rushes.bin” is being uploaded already.').first()).toBeVisible()
    await expect(rowOf(page, 'rushes.bin')).toHaveCount(1)
    await expect(rowOf(page, 'rushes.bin')).toContainText('Done', { timeout: 40_000 })
    expect(await namesOn(team)).toEqual(['rushes.bin'])
  })
})

describe('an upload that nobody answers', () => {
  test('waits for storage, then for the connection, calmly, and goes on by itself', async ({
    team,
    openAs,
  }) => {
    const page = await openBoard({ team, openAs })
    await page.route(isStore, (route) => route.abort())
    await pickFiles(page, team.card.title, [bytes('still.bin', 3 * MIB)])
    await openTray(page)
    const row = rowOf(page, 'still.bin')
    await expect(row).toContainText('Waiting for storage…')
    await expect(row.getByRole('button', { name: 'Pause still.bin' })).toBeVisible()
    await inspectScreen(page, 'tray-waiting')
    await page.context().setOffline(true)
    await expect(row).toContainText('Waiting for the connection…')
    await page.unroute(isStore)
    await page.context().setOffline(false)
    await expect(row).toContainText('Done', { timeout: 40_000 })
    expect(await namesOn(team)).toEqual(['still.bin'])
  })
})
