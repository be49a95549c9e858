/**
 * Files that the browser finds again after a reload. They lie in its own file system (File System Standard, section 5), whose
 * handles it always lets a page read: what a drop of real files carries, without the system's question for permission.
 */
import type { Page } from '@playwright/test'

interface KeptFile {
  /** With its folders: `shots/day 1/a.bin`. */
  readonly path: string
  readonly size: number
  /** What the bytes are made of: the same seed, the same bytes. */
  readonly seed: number
}

/** Writes the file into this browser's own file system. */
export async function writeKeptFile(page: Page, file: KeptFile): Promise<void> {
  await page.evaluate(async ({ path, size, seed }) => {
    const names = path.split('/')
    const name = names.pop() ?? ''
    let folder = await navigator.storage.getDirectory()
    for (const part of names) folder = await folder.getDirectoryHandle(part, { create: true })
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable()
    const chunk = new Uint8Array(1024 * 1024)
    for (let written = 0; written < size; written += chunk.length) {
      for (let index = 0; index < chunk.length; index += 1) {
        chunk[index] = (index * 31 + ((written >> 20) + seed) * 17 + (index >> 8)) & 0xff
      }
      await stream.write(chunk.subarray(0, Math.min(chunk.length, size - written)))
    }
    await stream.close()
  }, file)
}

/** Drops files and folders of the browser's own file system, by their names at its top, on the card of that title. */
export async function dropKept(page: Page, cardTitle: string, names: readonly string[]): Promise<void> {
  await page.evaluate(
    async ({ title, dropped }) => {
      const root = await navigator.storage.getDirectory()
      const transfer = new DataTransfer()
      const handles: FileSystemHandle[] = []
      for (const name of dropped) {
        handles.push(await root.getFileHandle(name).catch(() => root.getDirectoryHandle(name)))
        transfer.items.add(new File(['in place of what a real drop carries'], name))
      }
      // What a real drop's items answer; those that a script makes have no handle.
      const waiting = [...handles]
      Reflect.set(DataTransferItem.prototype, 'getAsFileSystemHandle', async () => waiting.shift())
      const card = [...document.querySelectorAll('section')].find(
        (section) => section.getAttribute('aria-label') === title,
      )
      if (card === undefined) throw new Error(`There is no card ${title}`)
      card.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    },
    { title: cardTitle, dropped: names },
  )
}

/** What the page has written down about unfinished uploads. */
export function keptUploads(page: Page): Promise<unknown[]> {
  return page.evaluate(
    () =>
      new Promise<unknown[]>((resolve, reject) => {
        const opening = indexedDB.open('studio-uploads')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const all = opening.result.transaction('uploads').objectStore('uploads').getAll()
          all.onsuccess = () => {
            opening.result.close()
            resolve(all.result.map(({ held, source: { kind } }) => ({ held, source: { kind } })))
          }
        }
      }),
  )
}
