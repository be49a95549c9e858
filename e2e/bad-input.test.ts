import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { pickByPath, pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { bytes, picture, program } from './src/made-files.ts'
import { expectLoaded } from './src/shown-pictures.ts'

/** As the page says it: "Files can be up to 5 TB." */
const FILE_MAX_BYTES = 5 * 1024 ** 4

let directory = ''
let hugeFile = ''
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'studio-e2e-'))
  hugeFile = path.join(directory, 'huge.bin')
  // Sparse: of that size in the file system's books, and of none on the disk.
  await writeFile(hugeFile, '')
  await truncate(hugeFile, FILE_MAX_BYTES + 1)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('files that are out of the ordinary', () => {
  test('a program is refused in words, under its own type and in disguise, and leaves nothing behind', async ({
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    for (const file of [
      program('setup.exe', 'application/x-msdownload'),
      program('not-a-photo.png', 'image/png'),
    ]) {
      await pickFiles(page, card.title, [file])
      const upload = page
        .getByRole('list', { name: `Uploads to ${card.title}` })
        .getByRole('listitem')
        .filter({ hasText: file.name })
      await expect(upload.getByRole('alert')).toHaveText('Files of this type are not allowed here.')
      // Trying the same file again would end the same.
      await expect(upload.getByRole('button', { name: `Try again: ${file.name}` })).toHaveCount(0)
      await upload.getByRole('button', { name: `Dismiss ${file.name}` }).click()
      await expect(page.getByText(file.name)).toHaveCount(0)
    }
    await page.reload()
    await expect(page.getByText('Drop files here')).toBeVisible()
    expect(await ada.records.collection('files').getFullList({ filter: `card = "${card.id}"` })).toEqual([])
  })

  test('a file one byte over the limit is refused in words before a byte of it is sent', async ({
    studio,
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const region = page.getByRole('region', { name: card.title })
    await expect(region.getByText('Drop files here')).toBeVisible()
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.url()))
    await pickByPath(page, hugeFile)
    await expect(region.getByRole('alert')).toHaveText('Files can be up to 5 TB. This one is larger.')
    expect(
      sent.filter((url) => /files\.(begin|uploadInline)/.test(url) || url.startsWith(studio.objectStoreUrl)),
    ).toEqual([])
  })

  test('a picture whose name is 300 emoji is kept under that name', async ({
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const file = picture(`${'🎬'.repeat(300)}.png`)
    await pickFiles(page, card.title, [file])
    const files = page.getByRole('list', { name: `Files on ${card.title}` })
    await expectLoaded(files.getByRole('img', { name: file.name, exact: true }))
    const record = await ada.records.collection('files').getFirstListItem(`card = "${card.id}"`)
    expect(record['name']).toBe(file.name)
  })

  test('an empty file is a file', async ({ team: { ada, card, project }, openAs }) => {
    const page = await openAs(ada, { at: project.path })
    await pickFiles(page, card.title, [bytes('nothing-yet.txt', 0)])
    const files = page.getByRole('list', { name: `Files on ${card.title}` })
    await expect(files.getByRole('link', { name: 'nothing-yet.txt' })).toBeVisible()
    await expect(files).toContainText(/0 (bytes|B)/)
  })
})
