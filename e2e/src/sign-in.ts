/** Signing in by the form that the page shows, as a person does. */
import type { Page } from '@playwright/test'
import type { Person } from './people.ts'

/** Fills the form and sends it; where that leads is for the test to see. */
export async function signIn(page: Page, person: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
