import { describe } from 'vitest'
import { pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { inspectScreen } from './src/inspect-screen.ts'
import { picture } from './src/made-files.ts'
import { withoutServer } from './src/server-control.ts'
import { expectLoaded } from './src/shown-pictures.ts'

describe('while PocketBase is away', () => {
  test('both browsers say so, an upload is still stored, and it appears to both by itself when PocketBase is back', async ({
    studio,
    team: { ada, grace, card, project },
    openAs,
  }) => {
    const pages = await Promise.all([ada, grace].map((person) => openAs(person, { at: project.path })))
    const [adas] = pages
    if (adas === undefined) throw new Error('Two browsers were asked for.')
    for (const page of pages) await expect(page.getByText('Drop files here')).toBeVisible()

    const file = picture('meanwhile.png', { hue: 20 })
    await withoutServer(studio, 'pocketbase', async () => {
      for (const page of pages) {
        await expect(page.getByText('Live updates are paused')).toBeVisible()
      }
      await pickFiles(adas, card.title, [file])
      await expect(
        adas.getByText('Stored. It will appear as soon as the records service is back.'),
      ).toBeVisible()
      await inspectScreen(adas, 'project-offline')
    })

    for (const page of pages) {
      const files = page.getByRole('list', { name: `Files on ${card.title}` })
      const shown = files.getByRole('img', { name: file.name })
      await expect(shown).toBeVisible()
      await expectLoaded(shown)
      await expect(page.getByText('Live updates are paused')).toHaveCount(0)
    }
    await expect(adas.getByText('Stored. It will appear')).toHaveCount(0)
  })

  test('a page that is opened meanwhile says that it could not load, and loads by itself when PocketBase is back', async ({
    studio,
    team: { ada, project, card },
    openAs,
  }) => {
    const page = await openAs(ada, { at: '/' })
    await expect(page.getByRole('link', { name: project.name })).toBeVisible()
    await withoutServer(studio, 'pocketbase', async () => {
      await page.goto(project.path)
      await expect(page.getByRole('alert')).toContainText('This project could not be loaded')
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
    })
    await expect(page.getByRole('region', { name: card.title })).toBeVisible()
  })
})
