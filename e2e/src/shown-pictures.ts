/** Whether and when pictures are really on the screen: loaded, decoded and opaque, not only asked for. */
import type { Locator, Page } from '@playwright/test'
import { expect } from './expect.ts'

/** Waits for the pictures, and until each has pixels; an `img` element whose source does not answer has none. */
export async function expectLoaded(pictures: Locator): Promise<void> {
  await expect(pictures).not.toHaveCount(0)
  for (const picture of await pictures.all()) {
    // Pictures outside the view are fetched when they come near it.
    await picture.scrollIntoViewIfNeeded()
    await expect
      .poll(() => picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)))
      .toBeGreaterThan(0)
  }
}

/** Resolves with the instant at which this page shows the picture of that name, in the machine's epoch milliseconds. */
export async function pictureShownAt(page: Page, name: string): Promise<number> {
  const shown = await page.waitForFunction(
    (alt) => {
      const image = [...document.images].find((candidate) => candidate.alt === alt)
      const isShown =
        image?.naturalWidth && image.complete && image.checkVisibility({ opacityProperty: true })
      return isShown ? Date.now() : undefined
    },
    name,
    { polling: 'raf' },
  )
  return (await shown.jsonValue()) ?? Number.NaN
}

/** Resolves with the instant at which this page hears from the server that the next file is stored. */
export async function storedAt(page: Page): Promise<number> {
  const request = await page.waitForEvent('requestfinished', (finished) =>
    /\/trpc\/files\.(complete|uploadInline)/.test(finished.url()),
  )
  const { startTime, responseEnd } = request.timing()
  return startTime + responseEnd
}
