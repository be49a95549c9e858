/** The tray of uploads, and ways to make its uploads slow or impossible. */
import type { Locator, Page } from '@playwright/test'

/** The tray itself. */
export function trayOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Uploads', exact: true })
}

/** One upload in the opened tray. */
export function rowOf(page: Page, name: string): Locator {
  return trayOf(page).getByRole('listitem').filter({ hasText: name })
}

/** Shows the tray's list, if it is hidden. */
export async function openTray(page: Page): Promise<void> {
  const show = trayOf(page).getByRole('button', { name: 'Show the list of uploads' })
  const hide = trayOf(page).getByRole('button', { name: 'Hide the list of uploads' })
  await show.or(hide).waitFor()
  if (await show.isVisible()) await show.click()
}

/** Limits what this page sends, in bytes a second; `null`: no limit any more. */
export async function limitUploads(page: Page, uploadThroughput: number | null): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const unlimited = { offline: false, latency: 0, downloadThroughput: -1 }
  await session.send('Network.emulateNetworkConditions', {
    ...unlimited,
    uploadThroughput: uploadThroughput ?? -1,
  })
}

/** The numbers of the parts that the store confirms to this page, from now on. */
export function watchParts(page: Page): number[] {
  const parts: number[] = []
  page.on('response', (response) => {
    const number = new URL(response.url()).searchParams.get('partNumber')
    const isConfirmed = response.request().method() === 'PUT' && response.ok()
    if (isConfirmed && number !== null) parts.push(Number(number))
  })
  return parts
}
