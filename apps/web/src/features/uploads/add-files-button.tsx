/** The way to add files without dragging: the system's file picker. */
import type { QueuedFile } from '@studio/upload-client/queue/queued-file'
import { Plus } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { pickFiles, takeFiles } from './pick-files.ts'

export interface AddFilesButtonProps {
  /** Names the card for those who hear one button after another. */
  cardTitle: string
  onFiles: (files: readonly QueuedFile[]) => void
}

export function AddFilesButton({ cardTitle, onFiles }: AddFilesButtonProps) {
  const picker = useRef<HTMLInputElement>(null)
  function take(files: readonly QueuedFile[]): void {
    if (files.length > 0) onFiles(files)
  }
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={`Files for ${cardTitle}`}
        onChange={({ currentTarget }) => take(takeFiles(currentTarget))}
      />
      <Button
        variant="quiet"
        size="sm"
        className="w-full justify-start"
        aria-label={`Add files to ${cardTitle}`}
        onClick={() => void pickFiles({ multiple: true, input: picker.current }).then(take)}
      >
        <Plus aria-hidden className="size-4" />
        Add files
      </Button>
    </>
  )
}
