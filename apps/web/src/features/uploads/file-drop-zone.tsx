/** Takes files that are dropped on it, and keeps the browser from opening those that miss. */
import { Upload } from 'lucide-react'
import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { notify } from '../../ui/notices.tsx'

export interface FileDropZoneProps {
  /** What a drop here does: "Drop to add to Moodboard". */
  hint: string
  onFiles: (files: readonly File[]) => void
  className?: string
  children: ReactNode
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes('Files')
}

/** A folder comes as a file of no type whose bytes cannot be read; the entry tells it apart. */
function droppedFiles({ items, files }: DataTransfer): { files: File[]; folders: number } {
  const entries = [...items].filter(({ kind }) => kind === 'file')
  const isFolder = entries.map((item) => item.webkitGetAsEntry()?.isDirectory === true)
  return {
    files: [...files].filter((_, index) => isFolder[index] !== true),
    folders: isFolder.filter(Boolean).length,
  }
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
    const dropped = droppedFiles(event.dataTransfer)
    if (dropped.folders > 0)
      notify('error', 'Folders cannot be added. Open the folder and drop the files in it.')
    if (dropped.files.length > 0) onFiles(dropped.files)
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
