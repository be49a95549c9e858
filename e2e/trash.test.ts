/** Moving a file to the trash and taking that back, with the keyboard alone and before a colleague's eyes. */
import { describe } from 'vitest'
import { pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { film } from './src/made-files.ts'

describe('the trash', () => {
  test('takes a file from every screen and gives it back by Undo, without a question', async ({
    team: { ada, grace, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const colleague = await openAs(grace, { at: project.path })
    const file = film('a mistake.mp4')
    await pickFiles(page, card.title, [file])
    const tileOn = (screen: typeof page) =>
      screen.getByRole('list', { name: `Files on ${card.title}` }).getByRole('link', { name: file.name })
    await expect(tileOn(colleague)).toBeVisible()

    await tileOn(page).press('Enter')
    await page
      .getByRole('dialog', { name: file.name })
      .getByRole('button', { name: 'Move to trash' })
      .press('Enter')
    await expect(tileOn(page)).toHaveCount(0)
    await expect(tileOn(colleague)).toHaveCount(0)

    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await expect(tileOn(page)).toBeVisible()
    await expect(tileOn(colleague)).toBeVisible()
    await expect(page.getByText(`“${file.name}” is back.`, { exact: true }).first()).toBeVisible()
  })
})
