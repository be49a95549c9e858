import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe } from 'vitest'
import { pickByPath, pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { inspectScreen } from './src/inspect-screen.ts'
import { bytes, picture, program } from './src/made-files.ts'
import type { Team } from './src/people.ts'
import { limitUploads, openTray, rowOf, trayOf } from './src/upload-tray.ts'

const MIB = 1024 * 1024
/** Slow enough to press buttons meanwhile; in bytes a second. */
const SLOW = 2 * MIB

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-tray-'))
  await mkdir(path.join(directory, 'shots', 'day 1'), { recursive: true })
  await writeFile(path.join(directory, 'shots', 'list.txt'), 'one\ntwo\n')
  await writeFile(path.join(directory, 'shots', 'day 1', 'still.png'), picture('still.png').buffer)
  await writeFile(path.join(directory, 'shots', 'day 1', '.DS_Store'), 'clutter')
  await writeFile(path.join(directory, 'rushes.bin'), bytes('rushes.bin', 24 * MIB).buffer)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** Drops what lies at this path, as the system does it: by Chromium's own protocol. */
async function dropByPath(page: Page, cardTitle: string, dropped: string): Promise<void> {
  const box = await page.getByRole('region', { name: cardTitle }).boundingBox()
  if (box === null) throw new Error('The card is not to be seen.')
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [dropped], dragOperationsMask: 1 }
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data })
  }
  await session.detach()
}

function recordsOf({ ada, card }: Team) {
  return ada.records.collection('files').getFullList({ filter: `card = "${card.id}"`, sort: 'name' })
}

describe('files come in', () => {
  test('as a folder that is dropped, with its structure and without its clutter', async ({
    team,
    openAs,
  }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await expect(page.getByText('Drop files here')).toBeVisible()
    await dropByPath(page, team.card.title, path.join(directory, 'shots'))
    const files = page.getByRole('list', { name: `Files on ${team.card.title}` })
    await expect(files.getByRole('link')).toHaveCount(2)
    const records = await recordsOf(team)
    expect(records.map(({ name, path: folder }) => [name, folder])).toEqual([
      ['list.txt', 'shots'],
      ['still.png', 'shots/day 1'],
    ])
  })

  test('as a picture that is pasted, on the first card, under a name that tells when', async ({
    team,
    openAs,
  }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await expect(page.getByText('Drop files here')).toBeVisible()
    await page.evaluate((base64) => {
      const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([content], 'image.png', { type: 'image/png' }))
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
    }, picture('image.png').buffer.toString('base64'))
    const files = page.getByRole('list', { name: `Files on ${team.card.title}` })
    await expect(
      files.getByRole('img', { name: /^Pasted \d{4}-\d\d-\d\d at \d\d\.\d\d\.\d\d\.png$/ }),
    ).toBeVisible()
  })
})

describe('the tray', () => {
  test('tells how far each upload is and how fast, pauses it, and goes on with it', async ({
    team,
    openAs,
  }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await limitUploads(page, SLOW)
    await expect(page.getByText('Drop files here')).toBeVisible()
    await pickByPath(page, path.join(directory, 'rushes.bin'))
    await openTray(page)
    const row = rowOf(page, 'rushes.bin')
    await expect(row).toContainText(`${team.project.name} · ${team.card.title}`)
    await expect(row).toContainText(/of 24 MB/)
    await expect(row).toContainText(/MB\/s · \d+ s left/)
    await expect(trayOf(page).getByRole('heading')).toHaveText('Uploading 1 file')

    await row.getByRole('button', { name: 'Pause rushes.bin' }).click()
    await expect(row).toContainText('Paused')
    await inspectScreen(page, 'tray-paused')
    const bar = row.getByRole('progressbar')
    const held = await bar.getAttribute('aria-valuenow')
    // Had it gone on, it would have moved while another file of this size went all the way.
    await pickFiles(page, team.card.title, [bytes('meanwhile.bin', 4 * MIB)])
    await expect(rowOf(page, 'meanwhile.bin')).toContainText('Done')
    expect(await bar.getAttribute('aria-valuenow')).toBe(held)

    await limitUploads(page, null)
    await row.getByRole('button', { name: 'Resume rushes.bin' }).click()
    const files = page.getByRole('list', { name: `Files on ${team.card.title}` })
    await expect(files.getByRole('link', { name: 'rushes.bin' })).toBeVisible()
    await expect(row).toContainText('Done')
  })

  test('stays while one looks at other screens, and uploads go on', async ({ team, openAs }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await limitUploads(page, SLOW)
    await expect(page.getByText('Drop files here')).toBeVisible()
    await pickByPath(page, path.join(directory, 'rushes.bin'))
    await openTray(page)
    await page.getByRole('link', { name: 'Studio, all projects' }).click()
    await expect(page.getByRole('link', { name: team.project.name })).toBeVisible()
    await expect(rowOf(page, 'rushes.bin')).toContainText(/of 24 MB/)
    await inspectScreen(page, 'tray-elsewhere')
    await limitUploads(page, null)
    await expect(rowOf(page, 'rushes.bin')).toContainText('Done')
    expect((await recordsOf(team)).map(({ name }) => name)).toEqual(['rushes.bin'])
  })

  test('cancels an upload, which leaves nothing behind', async ({ team, openAs }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await limitUploads(page, SLOW)
    await expect(page.getByText('Drop files here')).toBeVisible()
    await pickByPath(page, path.join(directory, 'rushes.bin'))
    await openTray(page)
    await expect(rowOf(page, 'rushes.bin')).toContainText(/of 24 MB/)
    await Promise.all([
      page.waitForResponse((response) => /files\.abort/.test(response.url()) && response.ok()),
      trayOf(page).getByRole('button', { name: 'Cancel rushes.bin' }).click(),
    ])
    await expect(trayOf(page)).toHaveCount(0)
    expect(await recordsOf(team)).toEqual([])
  })

  test('opens by itself when an upload fails, says why, and tries again', async ({ team, openAs }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await page.route('**/trpc/files.uploadInline*', (route) =>
      route.fulfill({ status: 404, contentType: 'application/json', json: refusal('UPLOAD_ENDED') }),
    )
    await pickFiles(page, team.card.title, [
      bytes('notes.bin', 2000),
      program('setup.exe', 'application/x-msdownload'),
    ])
    const row = rowOf(page, 'notes.bin')
    await expect(row).toContainText('This upload was cancelled or took too long. Start it again.')
    await inspectScreen(page, 'tray-failed')
    await page.unroute('**/trpc/files.uploadInline*')
    await row.getByRole('button', { name: 'Retry notes.bin' }).click()
    await expect(row).toContainText('Done')
  })

  test('takes two thousand files without drawing them all', async ({ team, openAs }) => {
    const page = await openAs(team.ada, { at: team.project.path })
    await page.route('**/trpc/files.uploadInline*', () => undefined)
    await pickFiles(
      page,
      team.card.title,
      Array.from({ length: 2_000 }, (_, index) => bytes(`frame-${index}.bin`, 10)),
    )
    await openTray(page)
    await expect(trayOf(page).getByRole('heading')).toHaveText('Uploading 2,000 files')
    expect(await trayOf(page).getByRole('listitem').count()).toBeLessThan(60)
    await inspectScreen(page, 'tray-full')
    await trayOf(page).getByRole('button', { name: 'Pause all uploads' }).click()
    await expect(trayOf(page).getByRole('heading')).toHaveText('2,000 uploads paused')
  })
})

/** What the BFF answers when it refuses, as tRPC writes it. */
function refusal(code: string) {
  const message = 'This upload was cancelled or took too long. Start it again.'
  return {
    error: { message, code: -32_009, data: { code: 'CONFLICT', httpStatus: 409, studio: { code, message } } },
  }
}
