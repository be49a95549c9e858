/** The two ways to put files on a card, as a person's hands do them. */
import type { Locator, Page } from '@playwright/test'
import type { MadeFile } from './made-files.ts'

/** Presses the card's button and answers the system's file picker: with files, or with the path of one. */
export async function pickFiles(
  page: Page,
  cardTitle: string,
  files: readonly MadeFile[] | string,
): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: `Add files to ${cardTitle}` }).click(),
  ])
  await chooser.setFiles(typeof files === 'string' ? files : [...files])
}

/** Drags files over an element and drops them; `whileOver` runs while they hang in the air. */
export async function dropFiles(
  target: Locator,
  files: readonly MadeFile[],
  whileOver: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const described = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    base64: buffer.toString('base64'),
  }))
  const dataTransfer = await target.page().evaluateHandle((carried) => {
    const transfer = new DataTransfer()
    for (const { name, mimeType, base64 } of carried) {
      const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      transfer.items.add(new File([content], name, { type: mimeType }))
    }
    return transfer
  }, described)
  await target.dispatchEvent('dragenter', { dataTransfer })
  await target.dispatchEvent('dragover', { dataTransfer })
  await whileOver()
  await target.dispatchEvent('drop', { dataTransfer })
  await dataTransfer.dispose()
}

/** The input of the page's first card. */
const FIRST_INPUT = 'input[type="file"]'

/**
 * Gives a file input of the page, the first card's unless told otherwise, the file at this path, whatever its size. By Chromium's
 * own protocol: the test library would read the file to send it over.
 */
export async function pickByPath(page: Page, file: string, input = FIRST_INPUT): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { result } = await session.send('Runtime.evaluate', {
    expression: `document.querySelector(${JSON.stringify(input)})`,
  })
  if (result.objectId === undefined) throw new Error('The page has no such file input')
  await session.send('DOM.setFileInputFiles', { files: [file], objectId: result.objectId })
  await session.detach()
}
