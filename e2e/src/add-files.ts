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

/** Drops a file of that size, which exists in the browser's books alone: one small piece over and over, and the rest. */
export async function dropHugeFile(
  target: Locator,
  { name, size }: { readonly name: string; readonly size: number },
): Promise<void> {
  const dataTransfer = await target.page().evaluateHandle(
    (huge) => {
      const piece = new Blob([new Uint8Array(1024 * 1024)])
      const pieces = Array.from({ length: Math.floor(huge.size / piece.size) }, () => piece)
      const transfer = new DataTransfer()
      transfer.items.add(new File([...pieces, piece.slice(0, huge.size % piece.size)], huge.name))
      return transfer
    },
    { name, size },
  )
  await target.dispatchEvent('drop', { dataTransfer })
  await dataTransfer.dispose()
}
