import { describe } from 'vitest'
import { pickFiles } from './src/add-files.ts'
import { callBff } from './src/bff-call.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { picture } from './src/made-files.ts'
import { createPerson } from './src/people.ts'
import { expectLoaded } from './src/shown-pictures.ts'

describe('someone who is not in the project', () => {
  test('finds neither the project nor its file, by the page or by calls of their own', async ({
    studio,
    team: { ada, card, project },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    const file = picture('ours.png')
    await pickFiles(page, card.title, [file])
    const files = page.getByRole('list', { name: `Files on ${card.title}` })
    await expectLoaded(files.getByRole('img', { name: file.name }))
    const { id: fileId } = await ada.records.collection('files').getFirstListItem(`card = "${card.id}"`)

    const mallory = await createPerson(studio, 'Mallory Stranger')
    const theirs = await openAs(mallory, { at: '/' })
    await expect(theirs.getByText('You are not in any project.')).toBeVisible()
    for (const at of [project.path, `${project.path}?file=${fileId}`]) {
      await theirs.goto(at)
      await expect(theirs.getByText('This project does not exist, or you are not in it.')).toBeVisible()
      for (const secret of [project.name, card.title, file.name]) {
        await expect(theirs.getByText(secret)).toHaveCount(0)
      }
    }

    const call = (procedure: string, input: unknown) => callBff(studio, mallory, { procedure, input })
    expect(await call('projects.get', { projectId: project.id })).toMatchObject({
      status: 404,
      code: 'PROJECT_NOT_FOUND',
    })
    expect(await call('files.list', { projectId: project.id })).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    expect((await call('files.urls', { items: [{ fileId }] })).data).toEqual({
      items: [{ status: 'error', fileId, code: 'FILE_NOT_FOUND' }],
    })
    await expect(mallory.records.collection('files').getOne(fileId)).rejects.toMatchObject({ status: 404 })
  })

  test('cannot put a file into it', async ({ studio, team: { card, project } }) => {
    const mallory = await createPerson(studio, 'Mallory Stranger')
    const begin = await callBff(studio, mallory, {
      procedure: 'files.begin',
      input: {
        idempotencyKey: crypto.randomUUID(),
        name: 'theirs.bin',
        mimeType: 'application/octet-stream',
        size: 4,
        sha256: '0'.repeat(64),
        projectId: project.id,
        cardId: card.id,
      },
    })
    expect(begin).toMatchObject({ status: 404, code: 'PROJECT_NOT_FOUND' })
  })

  test('who is taken out of the project while it is open no longer gets in', async ({
    team: { ada, grace, card, project },
    openAs,
  }) => {
    const page = await openAs(grace, { at: project.path })
    await expect(page.getByRole('region', { name: card.title })).toBeVisible()
    await ada.records.collection('projects').update(project.id, { members: [] })
    await page.reload()
    await expect(page.getByText('This project does not exist, or you are not in it.')).toBeVisible()
  })
})
