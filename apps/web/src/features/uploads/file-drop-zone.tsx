/** Takes files and folders that are dropped on it, and keeps the browser from opening those that miss. */
import type { QueuedFile } from '@studio/upload-client/queue/queued-file'
import { Upload } from 'lucide-react'
import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { notify } from '../../ui/notices.tsx'
import { droppedFiles } from './dropped-files.ts'

export interface FileDropZoneProps {
  /** What a drop here does: "Drop to add to Moodboard". */
  hint: string
  onFiles: (files: readonly QueuedFile[]) => void
  className?: string
  children: ReactNode
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes('Files')
}

export function FileDropZone({ hint, onFiles, className, children }: FileDropZoneProps) {
  // Entering a child comes before leaving its parent, so it takes counting to know whether one is inside.
  const depth = useRef(0)
  const [over, setOver] = useState(false)

  function move(step: 1 | -1): void {
    depth.current = Math.max(0, depth.current + step)
    setOver(depth.current > 0)
  }

  function drop(event: DragEvent): void {
    if (!carriesFiles(event)) return
    event.preventDefault()
    depth.current = 0
    setOver(false)
    void droppedFiles(event.dataTransfer).then(
      (files) => (files.length > 0 ? onFiles(files) : notify('info', 'There are no files in this folder.')),
      () => notify('error', 'What was dropped could not be read. It may have been moved meanwhile.'),
    )
  }

  return (
    <div
      className={className}
      onDragEnter={(event) => carriesFiles(event) && move(1)}
      onDragLeave={(event) => carriesFiles(event) && move(-1)}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={drop}
    >
      {children}
      {over && (
        <div className="animate-appear pointer-events-none absolute inset-0 z-10 grid place-items-center rounded-xl bg-accent-wash/90 text-accent-strong outline-2 -outline-offset-2 outline-accent outline-dashed">
          <p className="flex flex-col items-center gap-2 px-6 text-center font-medium">
            <Upload aria-hidden className="size-6" />
            {hint}
          </p>
        </div>
      )}
    </div>
  )
}

/** A file that is dropped beside a card would replace the page by the file. */
export function useIgnoreMissedDrops(): void {
  useEffect(() => {
    function ignore(event: globalThis.DragEvent): void {
      if (
        event.defaultPrevented ||
        event.dataTransfer === null ||
        !event.dataTransfer.types.includes('Files')
      )
        return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'none'
    }
    window.addEventListener('dragover', ignore)
    window.addEventListener('drop', ignore)
    return () => {
      window.removeEventListener('dragover', ignore)
      window.removeEventListener('drop', ignore)
    }
  }, [])
}
