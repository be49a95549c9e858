import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe } from 'vitest'
import { pickByPath, pickFiles } from './src/add-files.ts'
import { callBff } from './src/bff-call.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { inspectScreen } from './src/inspect-screen.ts'
import { keptUploads } from './src/kept-files.ts'
import { bytes } from './src/made-files.ts'
import type { Team } from './src/people.ts'
import { limitUploads, openTray, rowOf, trayOf, watchParts } from './src/upload-tray.ts'

const MIB = 1024 * 1024
const NAME = 'rushes.bin'
const SIZE = 40 * MIB
/** Slow enough to stop between two parts; in bytes a second. */
const SLOW = 6 * MIB

let directory = ''
let onDisk = ''
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-interrupted-'))
  onDisk = path.join(directory, NAME)
  await writeFile(onDisk, bytes(NAME, SIZE).buffer)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const isStore = (url: URL) => url.searchParams.has('X-Amz-Signature')

/** Waits for the file on its card, and answers its record. */
async function storedRecord(page: Page, { ada, card }: Team) {
  const files = page.getByRole('list', { name: `Files on ${card.title}` })
  await expect(files.getByRole('link', { name: NAME })).toBeVisible({ timeout: 40_000 })
  const records = await ada.records.collection('files').getFullList({ filter: `card = "${card.id}"` })
  expect(records).toHaveLength(1)
  return records[0]
}

describe('an interrupted upload', () => {
  test('of a small file goes on by itself after a reload, from the bytes that the browser kept', async ({
    team,
    openAs,
  }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await expect(page.getByText('Drop files here')).toBeVisible()
    await page.route(isStore, (route) => route.abort())
    await pickFiles(page, team.card.title, [bytes(NAME, 4 * MIB)])
    await openTray(page)
    await expect(rowOf(page, NAME)).toContainText('Waiting for storage…')
    await expect.poll(() => keptUploads(page)).toMatchObject([{ source: { kind: 'bytes' } }])
    const asked: string[] = []
    page.on('dialog', (dialog) => (asked.push(dialog.type()), void dialog.accept()))
    await page.reload()
    await page.unroute(isStore)
    expect(await storedRecord(page, team)).toMatchObject({ size: 4 * MIB })
    expect(asked).toEqual([])
  })

  test('is discarded from another device, which leaves nothing behind', async ({ studio, team, openAs }) => {
    const here = await openAs(team.ada, { at: team.project.path })
    const before = watchParts(here)
    await limitUploads(here, SLOW)
    await expect(here.getByText('Drop files here')).toBeVisible()
    await pickByPath(here, onDisk)
    await expect.poll(() => before.length, { intervals: [20] }).toBeGreaterThan(0)
    await here.close()
    const there = await openAs(team.ada, { at: '/' })
    await there.clock.setFixedTime(Date.now() + 5 * 60_000)
    await there.goto(team.project.path)
    await expect(rowOf(there, NAME)).toContainText('Begun on another device.')
    const pending = () => callBff(studio, team.ada, { procedure: 'files.pending', input: {} })
    expect(await pending()).toMatchObject({ data: { uploads: [{ request: { name: NAME } }] } })
    await trayOf(there)
      .getByRole('button', { name: `Discard ${NAME}` })
      .click()
    await expect(trayOf(there)).toHaveCount(0)
    await expect.poll(pending).toMatchObject({ data: { uploads: [] } })
  })

  test('of a file that changed on the disk asks for it again, and sends it as it is now', async ({
    team,
    openAs,
  }) => {
    const changing = path.join(directory, 'changing', NAME)
    await mkdir(path.dirname(changing), { recursive: true })
    await writeFile(changing, bytes(NAME, SIZE).buffer)
    const page = await openAs(team.ada, { at: team.project.path })
    await expect(page.getByText('Drop files here')).toBeVisible()
    await page.route(isStore, (route) => route.abort())
    await pickByPath(page, changing)
    await openTray(page)
    await expect(rowOf(page, NAME)).toContainText('Waiting for storage…')
    await writeFile(changing, bytes(NAME, SIZE + MIB).buffer)
    const row = rowOf(page, NAME)
    await row.getByRole('button', { name: `Retry ${NAME}` }).click()
    await expect(row).toContainText(
      'This file has changed since its upload began. Choose it again to upload it as it is now.',
    )
    await inspectScreen(page, 'tray-changed')
    await page.unroute(isStore)
    await pickByPath(page, changing, `input[aria-label="File for ${NAME}"]`)
    expect(await storedRecord(page, team)).toMatchObject({ size: SIZE + MIB })
  })
})
