import { buffer } from 'node:stream/consumers'
import { describe } from 'vitest'
import { pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { film } from './src/made-files.ts'

describe('downloading', () => {
  test('a film called `présentation 最終版 🎬.mp4` comes down under its own name, byte for byte', async ({
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const file = film('présentation 最終版 🎬.mp4')
    await pickFiles(page, card.title, [file])
    await page
      .getByRole('list', { name: `Files on ${card.title}` })
      .getByRole('link', { name: file.name })
      .click()
    const viewer = page.getByRole('dialog', { name: file.name })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      viewer.getByRole('link', { name: 'Download' }).click(),
    ])
    expect(download.suggestedFilename()).toBe(file.name)
    expect((await buffer(await download.createReadStream())).equals(file.buffer)).toBe(true)
  })
})
