/** Looks at a screen on a phone and on a wide display, in light and in dark: does it fit, can it be read, is all named. */
import path from 'node:path'
import type { Page } from '@playwright/test'
import { expect } from './expect.ts'
import { SCREENS_DIRECTORY } from './artifacts.ts'
import { findFaintWords } from './faint-words.ts'

const SIZES = { phone: { width: 390, height: 844 }, wide: { width: 1440, height: 900 } } as const
const SCHEMES = ['light', 'dark'] as const

/** A control without a name, as the accessibility tree writes it: its role and nothing in quotes. */
const NAMELESS =
  /^\s*- (button|link|textbox|checkbox|radio|combobox|menuitem|dialog|img|progressbar)( \[[^\]]*\])*:?$/m

/** Saves a picture of each look as `<name>-<size>-<scheme>.png`, and fails where one has a fault. */
export async function inspectScreen(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await settle(page)
      const look = `${name}-${size}-${colorScheme}`
      await page.screenshot({ path: path.join(SCREENS_DIRECTORY, `${look}.png`) })
      expect(await overhang(page), `${look} is wider than its window, in pixels`).toBeLessThanOrEqual(0)
      expect(await page.evaluate(findFaintWords), `${look} has words with too little contrast`).toEqual([])
    }
  }
  const tree = await page.locator('body').ariaSnapshot()
  expect(NAMELESS.exec(tree)?.[0], `${name} has something without a name`).toBeUndefined()
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  if (before) await page.setViewportSize(before)
}

/** Waits until what is in view has loaded and nothing moves that will come to rest. */
export async function settle(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(isAtRest), { message: 'the page comes to rest', intervals: [20] })
    .toBe(true)
}

/** Runs in the page. */
async function isAtRest(): Promise<boolean> {
  const isInView = (image: HTMLImageElement) => {
    const { top, bottom, left, right } = image.getBoundingClientRect()
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
  }
  // What goes on for ever, and bars that follow an upload, never come to rest.
  const isMoving = ({ playState, effect }: Animation) =>
    playState === 'running' &&
    effect instanceof KeyframeEffect &&
    effect.getComputedTiming().endTime !== Infinity &&
    effect.target?.closest('[role=progressbar]') === null
  // What has just been changed about the page begins to move with its next frame.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const images = [...document.images].filter(isInView)
  // A picture that has loaded is not on the screen before it is decoded.
  await Promise.all(images.map((image) => image.decode().catch(() => undefined)))
  return (
    document.fonts.status === 'loaded' &&
    images.every((image) => image.naturalWidth > 0 && image.checkVisibility({ opacityProperty: true })) &&
    !document.getAnimations().some(isMoving)
  )
}

/** How far the page can be scrolled sideways. Boards scroll within it. */
function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
