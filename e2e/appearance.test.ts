import { copyFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { describe } from 'vitest'
import { updatesScreenshot } from './env.ts'
import { pickFiles } from './src/add-files.ts'
import { SCREENS_DIRECTORY } from './src/artifacts.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { inspectScreen, settle } from './src/inspect-screen.ts'
import { bytes, film, picture, program } from './src/made-files.ts'
import { createPerson, demoPerson } from './src/people.ts'
import { expectLoaded } from './src/shown-pictures.ts'

const README_SCREENSHOT = path.resolve(import.meta.dirname, '../docs/screenshot.png')
/** What a page of one colour is far below. */
const NON_TRIVIAL_BYTES = 100_000

describe('every screen, on a phone and on a wide display, in light and in dark, fits, can be read, and has its names', () => {
  test('sign-in, also when it is refused', async ({ team, openBrowser }) => {
    const page = await openBrowser()
    await page.goto('/')
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await inspectScreen(page, 'sign-in')
    await page.getByLabel('Email').fill(team.ada.email)
    await page.getByLabel('Password', { exact: true }).fill('not-her-password')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toBeVisible()
    await inspectScreen(page, 'sign-in-refused')
  })

  test('projects: full, empty and failed', async ({ studio, openAs }) => {
    const full = await openAs(await demoPerson(studio, 'ada'), { at: '/' })
    await expect(full.getByRole('link', { name: 'Northern Lights' })).toBeVisible()
    await inspectScreen(full, 'projects')

    await full.route('**/trpc/**', (route) => route.abort())
    await full.reload()
    await expect(full.getByRole('alert')).toContainText('Your projects could not be loaded')
    await inspectScreen(full, 'projects-failed')

    const empty = await openAs(await createPerson(studio, 'Newcomer Alone'), { at: '/' })
    await expect(empty.getByText('No projects yet')).toBeVisible()
    await inspectScreen(empty, 'projects-empty')
  })

  test('a project: full, with a file open, and with a menu open', async ({ studio, openAs }) => {
    const page = await openAs(await demoPerson(studio, 'ada'), { at: '/' })
    await page.getByRole('link', { name: 'Northern Lights' }).click()
    const pictures = page.getByRole('main').getByRole('img')
    await expect(pictures).not.toHaveCount(0)
    await inspectScreen(page, 'project')

    await page.getByRole('button', { name: 'Actions for Moodboard' }).click()
    await expect(page.getByRole('menu')).toBeVisible()
    await inspectScreen(page, 'project-menu')
    await page.keyboard.press('Escape')

    await page.getByRole('list', { name: 'Files on Moodboard' }).getByRole('link').first().click()
    await expectLoaded(page.getByRole('dialog').getByRole('img'))
    await inspectScreen(page, 'viewer')
  })

  test('a project: empty, with files of every kind, with failed uploads, not loaded, and not found', async ({
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const region = page.getByRole('region', { name: card.title })
    await expect(region.getByText('Drop files here')).toBeVisible()
    await inspectScreen(page, 'project-empty-card')

    const kinds = [picture('sketch.png'), film('a rather long name for a film, as people give them.mp4')]
    const files = [
      ...kinds,
      { ...bytes('notes.txt', 0), mimeType: 'text/plain' },
      bytes('archive.bin', 2_000_000),
    ]
    await pickFiles(page, card.title, [...files, program('setup.exe', 'application/x-msdownload')])
    await expect(region.getByRole('list', { name: `Files on ${card.title}` }).getByRole('link')).toHaveCount(
      4,
    )
    await expect(region.getByRole('alert')).toBeVisible()
    await inspectScreen(page, 'project-upload-refused')
    await region.getByRole('link', { name: 'archive.bin' }).click()
    await expect(page.getByRole('dialog')).toContainText('No preview')
    await inspectScreen(page, 'viewer-no-preview')

    await page.goto('/projects/aaaaaaaaaaaaaaa')
    await expect(page.getByText('This project does not exist, or you are not in it.')).toBeVisible()
    await inspectScreen(page, 'project-not-found')
    await page.route('**/trpc/**', (route) => route.abort())
    await page.goto(project.path)
    await expect(page.getByRole('alert')).toContainText('This project could not be loaded')
    await inspectScreen(page, 'project-failed')
  })

  test('a project without cards', async ({ team: { ada, card, project }, openAs }) => {
    await ada.records.collection('cards').delete(card.id)
    const page = await openAs(ada, { at: project.path })
    await expect(page.getByText('An empty board')).toBeVisible()
    await inspectScreen(page, 'project-empty')
    await page.getByRole('button', { name: 'Create the first card' }).click()
    await expect(page.getByLabel('Title of the new card')).toBeFocused()
    await inspectScreen(page, 'project-new-card')
  })
})

describe('the theme', () => {
  test('follows the system until one is chosen, which is kept', async ({ openBrowser }) => {
    const page = await openBrowser({ colorScheme: 'light' })
    await page.goto('/')
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await expect(page.getByRole('button', { name: 'Theme' })).toBeVisible()
    const light = await background()
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(background).not.toBe(light)
    const dark = await background()

    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('menuitemradio', { name: 'Light' }).click()
    await expect.poll(background).toBe(light)
    await page.reload()
    await expect(page.getByRole('button', { name: 'Theme' })).toBeVisible()
    expect(await background()).toBe(light)
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('menuitemradio', { name: 'System' }).click()
    await expect.poll(background).toBe(dark)
  })
})

describe('the picture in the README', () => {
  test('shows the demo project, and replaces the one in the checkout only when it was asked to', async ({
    studio,
    openAs,
  }) => {
    const page = await openAs(await demoPerson(studio, 'ada'), {
      at: '/',
      viewport: { width: 1440, height: 660 },
      deviceScaleFactor: 2,
      colorScheme: 'light',
    })
    await page.getByRole('link', { name: 'Northern Lights' }).click()
    const pictures = page.getByRole('main').getByRole('img')
    await expect(pictures).not.toHaveCount(0)
    // Nothing is to look as if it were pointed at.
    await page.mouse.move(0, 0)
    await settle(page)
    const file = path.join(SCREENS_DIRECTORY, 'readme.png')
    await page.screenshot({ path: file })
    expect((await stat(file)).size).toBeGreaterThan(NON_TRIVIAL_BYTES)
    if (updatesScreenshot) await copyFile(file, README_SCREENSHOT)
  })
})
