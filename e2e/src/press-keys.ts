/** Going through a page with the keyboard alone. */
import type { Locator, Page } from '@playwright/test'

/** More stops than any screen of the tests has before the element looked for. */
const MAX_STOPS = 60

/**
 * Presses Tab until the element has the focus. Throws when it is not reached, and when a stop on the way cannot be
 * seen or does not show that it has the focus.
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    await page.keyboard.press('Tab')
    const unmarked = await page.evaluate(describeUnmarkedFocus)
    if (unmarked !== undefined) throw new Error(`The focus cannot be seen on ${unmarked}.`)
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`The keyboard does not reach ${String(target)}.`)
}

/** Runs in the page. WCAG 2.2, success criterion 2.4.7: the keyboard focus is visible. */
async function describeUnmarkedFocus(): Promise<string | undefined> {
  // What fades in begins fully transparent: it is judged once it has. A spinner never ends, and hides nothing.
  const fading = document
    .getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
  await Promise.allSettled(fading.map((animation) => animation.finished))
  const { activeElement } = document
  if (activeElement === null || activeElement === document.body) return undefined
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(activeElement)
  const isMarked = (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
  const isSeen = activeElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  return isMarked && isSeen ? undefined : activeElement.outerHTML.slice(0, 200)
}
