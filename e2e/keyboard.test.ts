import { describe } from 'vitest'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { picture } from './src/made-files.ts'
import { tabTo } from './src/press-keys.ts'
import { expectLoaded } from './src/shown-pictures.ts'

describe('with the keyboard alone', () => {
  test('Ada signs in, opens her project, adds files, and looks at them one after the other', async ({
    team: { ada, card, project },
    openBrowser,
  }) => {
    const page = await openBrowser()
    await page.goto('/')
    await expect(page.getByLabel('Email')).toBeFocused()
    await page.keyboard.type(ada.email)
    await tabTo(page, page.getByLabel('Password', { exact: true }))
    await page.keyboard.type(ada.password)
    await page.keyboard.press('Enter')

    const door = page.getByRole('link', { name: project.name })
    await expect(door).toBeVisible()
    await tabTo(page, door)
    await page.keyboard.press('Enter')

    const add = page.getByRole('button', { name: `Add files to ${card.title}` })
    await expect(add).toBeVisible()
    // Watched for from here on: a key pressed at once may be faster than the watching begins.
    const choosing = page.waitForEvent('filechooser')
    await tabTo(page, add)
    await page.keyboard.press('Enter')
    const chooser = await choosing
    const names = ['first.png', 'second.png', 'third.png']
    await chooser.setFiles(names.map((name, index) => picture(name, { hue: index * 120 })))
    const files = page.getByRole('list', { name: `Files on ${card.title}` })
    await expect(files.getByRole('img')).toHaveCount(names.length)
    await expectLoaded(files.getByRole('img'))

    // Three uploads at once may end in any order.
    const order = await files
      .getByRole('img')
      .evaluateAll((images) => images.map((image) => image.getAttribute('alt') ?? ''))
    const [first = '', second = '', third = ''] = order
    const tile = files.getByRole('link', { name: second })
    await page.getByRole('link', { name: 'Back to all projects' }).focus()
    await tabTo(page, tile)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: second })).toBeVisible()
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('dialog', { name: third })).toBeVisible()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByRole('dialog', { name: first })).toBeVisible()
    await expectLoaded(page.getByRole('dialog').getByRole('img'))
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page).toHaveURL(project.path)
    await expect(tile).toBeFocused()
  })

  test('Ada renames a card, moves it, and deletes it after being asked', async ({
    team: { ada, card, project },
    openAs,
  }) => {
    await ada.records.collection('cards').create({ project: project.id, title: 'Drafts', order: 'a1' })
    const page = await openAs(ada, { at: project.path })
    const titles = page.getByRole('main').getByRole('heading', { level: 2 })
    await expect(titles).toHaveText([card.title, 'Drafts'])

    const openMenu = async (title: string, item: string) => {
      const trigger = page.getByRole('button', { name: `Actions for ${title}` })
      await page.getByRole('link', { name: 'Back to all projects' }).focus()
      await tabTo(page, trigger)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('menuitem').first()).toBeFocused()
      // A menu is searched by the first letters of what is wanted.
      await page.keyboard.type(item)
      await expect(page.getByRole('menuitem', { name: item })).toBeFocused()
      await page.keyboard.press('Enter')
    }
    await openMenu('Drafts', 'Rename')
    await expect(page.getByLabel('Card title')).toBeFocused()
    await page.keyboard.type('Sketches')
    await page.keyboard.press('Enter')
    await expect(titles).toHaveText([card.title, 'Sketches'])

    await openMenu('Sketches', 'Move left')
    await expect(titles).toHaveText(['Sketches', card.title])
    await expect(page.getByRole('button', { name: 'Actions for Sketches' })).toBeFocused()

    await openMenu('Sketches', 'Delete')
    const question = page.getByRole('alertdialog')
    await expect(question).toBeVisible()
    await tabTo(page, question.getByRole('button', { name: 'Delete card' }))
    await page.keyboard.press('Enter')
    await expect(titles).toHaveText([card.title])
  })
})
