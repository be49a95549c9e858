/** Asks for files in the way that this browser has for it. */
import type { FileHandle } from '@studio/upload-client/pending/pending-upload'
import type { QueuedFile } from '@studio/upload-client/queue/queued-file'

/** Chromium's picker, whose files are found again after a reload (File System Access draft, section 3.3). */
type ShowOpenFilePicker = (options: { multiple: boolean }) => Promise<FileHandle[]>

export interface PickFilesOptions {
  multiple: boolean
  /** For browsers that know no other way. */
  input: HTMLInputElement | null
}

/** Resolves to nothing when the person picked nothing, and when the input will tell what was picked. */
export async function pickFiles({ multiple, input }: PickFilesOptions): Promise<QueuedFile[]> {
  const { showOpenFilePicker } = window as { showOpenFilePicker?: ShowOpenFilePicker }
  if (showOpenFilePicker === undefined) {
    input?.click()
    return []
  }
  try {
    const handles = await showOpenFilePicker({ multiple })
    return await Promise.all(
      handles.map(async (handle) => ({ source: await handle.getFile(), name: handle.name, handle })),
    )
  } catch (thrown) {
    // The person closed the picker, or the browser keeps this kind of picker from this page.
    if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) input?.click()
    return []
  }
}

/** What an input was given; it is emptied, since the same file may be picked again after a refusal. */
export function takeFiles(input: HTMLInputElement): QueuedFile[] {
  const files = [...(input.files ?? [])].map((source) => ({ source, name: source.name }))
  input.value = ''
  return files
}
