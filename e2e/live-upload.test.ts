import type { Page } from '@playwright/test'
import { describe } from 'vitest'
import { dropFiles, pickFiles } from './src/add-files.ts'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { picture, type MadeFile } from './src/made-files.ts'
import type { Team } from './src/people.ts'
import { pictureShownAt, storedAt } from './src/shown-pictures.ts'

/** "Within a second, without reloading." */
const LIVE_MS = 1_000

interface Scene {
  readonly ada: Page
  readonly grace: Page
  readonly team: Team
}

/** Opens the same project in two browsers. */
async function openBoth(
  team: Team,
  openAs: (person: Team['ada'], options: { at: string }) => Promise<Page>,
): Promise<Scene> {
  const [ada, grace] = await Promise.all(
    [team.ada, team.grace].map((person) => openAs(person, { at: team.project.path })),
  )
  if (ada === undefined || grace === undefined) throw new Error('Two browsers were asked for.')
  for (const page of [ada, grace]) {
    await expect(page.getByRole('region', { name: team.card.title })).toBeVisible()
  }
  return { ada, grace, team }
}

/** Has Ada add a file, and answers how long after she knew it stored Grace had its picture before her eyes. */
async function measureLag({ ada, grace }: Scene, file: MadeFile, add: () => Promise<void>): Promise<number> {
  const loadsOfGrace: string[] = []
  grace.on('framenavigated', (frame) => loadsOfGrace.push(frame.url()))
  const [stored, shown] = await Promise.all([
    storedAt(ada),
    pictureShownAt(grace, file.name),
    pictureShownAt(ada, file.name),
    add(),
  ])
  expect(loadsOfGrace).toEqual([])
  return shown - stored
}

function report(how: string, lag: number): void {
  process.stdout.write(
    `A file that was ${how} was seen next door ${lag.toFixed(0)} ms after it was known stored.\n`,
  )
}

describe('two people with the same project open', () => {
  test('a picture that Ada drops on a card appears to Grace within a second, without reloading', async ({
    team,
    openAs,
  }) => {
    const scene = await openBoth(team, openAs)
    const { ada } = scene
    const file = picture('aurora.png', { hue: 140 })
    const lag = await measureLag(scene, file, () =>
      dropFiles(ada.getByRole('region', { name: team.card.title }), [file], () =>
        expect(ada.getByText(`Drop to add to ${team.card.title}`)).toBeVisible(),
      ),
    )
    report('dropped', lag)
    expect(lag).toBeLessThanOrEqual(LIVE_MS)
    // What was under way is over.
    await expect(ada.getByRole('list', { name: `Uploads to ${team.card.title}` })).toHaveCount(0)
  })

  test('a photo that Ada picks shows its progress to her and appears to Grace within a second', async ({
    team,
    openAs,
  }) => {
    const scene = await openBoth(team, openAs)
    const { ada } = scene
    const file = picture('photo.png', { width: 1_000, height: 800, grain: true })
    const progress = ada.getByRole('progressbar', { name: `Uploading ${file.name}` })
    const lag = await measureLag(scene, file, async () => {
      await pickFiles(ada, team.card.title, [file])
      await expect(progress).toBeVisible()
    })
    report('picked', lag)
    expect(lag).toBeLessThanOrEqual(LIVE_MS)
    await expect(progress).toHaveCount(0)
  })

  test('a card that Grace adds and moves is where she put it for Ada too', async ({ team, openAs }) => {
    const { ada, grace } = await openBoth(team, openAs)
    await grace.getByRole('button', { name: 'New card' }).click()
    await grace.getByLabel('Title of the new card').fill('Sound')
    await grace.getByRole('button', { name: 'Add card' }).click()
    const titles = ada.getByRole('main').getByRole('heading', { level: 2 })
    await expect(titles).toHaveText([team.card.title, 'Sound'])

    await grace.getByRole('button', { name: 'Actions for Sound' }).click()
    await grace.getByRole('menuitem', { name: 'Move left' }).click()
    await expect(titles).toHaveText(['Sound', team.card.title])
  })
})
