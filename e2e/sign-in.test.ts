import { describe } from 'vitest'
import { test } from './src/browser-test.ts'
import { expect } from './src/expect.ts'
import { demoPerson, signInAsSuperuser } from './src/people.ts'
import { expectLoaded } from './src/shown-pictures.ts'
import { signIn } from './src/sign-in.ts'

describe('signing in', () => {
  test('Ada signs in, sees her projects, opens one, and sees its cards in order with the pictures on them', async ({
    studio,
    openBrowser,
  }) => {
    const page = await openBrowser()
    await page.goto('/')
    await expect(page).toHaveURL(/\/sign-in/)
    await signIn(page, await demoPerson(studio, 'ada'))

    const projects = page.getByRole('list', { name: 'Projects' })
    await expect(projects.getByRole('link')).toHaveCount(3)
    await projects.getByRole('link', { name: 'Northern Lights' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Northern Lights' })).toBeVisible()

    const titles = page.getByRole('main').getByRole('heading', { level: 2 })
    await expect(titles).toHaveText(['Moodboard', 'Storyboard', 'Key visuals', 'Sound', 'Deliverables'])
    await expectLoaded(page.getByRole('list', { name: 'Files on Moodboard' }).getByRole('img'))
    await expectLoaded(page.getByRole('main').getByRole('img'))
  })

  test('a wrong password is told in words, and the right one then lets one in', async ({
    team,
    openBrowser,
  }) => {
    const page = await openBrowser()
    await page.goto('/')
    await signIn(page, { email: team.ada.email, password: 'not-her-password' })
    await expect(page.getByRole('alert')).toHaveText(/email and password do not match/)
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused()

    await signIn(page, team.ada)
    await expect(page.getByRole('link', { name: team.project.name })).toBeVisible()
  })

  test('a session that ended leads to the sign-in form, and from there back to where one was', async ({
    studio,
    team: { ada, project, card },
    openAs,
  }) => {
    const page = await openAs(ada, { at: project.path })
    await expect(page.getByRole('region', { name: card.title })).toBeVisible()

    // A new password ends every session of hers.
    const password = crypto.randomUUID()
    const superuser = await signInAsSuperuser(studio)
    await superuser.collection('users').update(ada.id, { password, passwordConfirm: password })
    await page.reload()

    await expect(page.getByText('Your session has ended')).toBeVisible()
    await signIn(page, { email: ada.email, password })
    await page.waitForURL(project.path)
    await expect(page.getByRole('region', { name: card.title })).toBeVisible()
  })

  test('whoever signs out sees nothing more, not even by going back', async ({ team, openAs }) => {
    const page = await openAs(team.ada, { at: '/' })
    await page.getByRole('link', { name: team.project.name }).click()
    await expect(page.getByRole('region', { name: team.card.title })).toBeVisible()
    await page.getByRole('button', { name: `Account of ${team.ada.name}` }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()

    await page.goBack()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await expect(page.getByText(team.card.title)).toHaveCount(0)
  })
})
