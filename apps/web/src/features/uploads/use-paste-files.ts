/** Takes files and pictures that are pasted anywhere on the page but into a field. */
import type { QueuedFile } from '@studio/upload-client/queue/queued-file'
import { useEffect } from 'react'

/** What browsers call a picture that was copied and never had a name. */
const NAMELESS = /^image\.(\w+)$/

/** Pasted pictures would all be called the same: their instant tells them apart. */
export function pastedName(name: string, at: Date): string {
  const ending = NAMELESS.exec(name)?.[1]
  if (ending === undefined) return name
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('.')
  return `Pasted ${day} at ${time}.${ending}`
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null
}

/** Calls back with what was pasted. */
export function usePasteFiles(onFiles: (files: readonly QueuedFile[]) => void): void {
  useEffect(() => {
    function paste(event: ClipboardEvent): void {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0 || isField(event.target)) return
      event.preventDefault()
      onFiles(files.map((source) => ({ source, name: pastedName(source.name, new Date()) })))
    }
    window.addEventListener('paste', paste)
    return () => window.removeEventListener('paste', paste)
  }, [onFiles])
}
