/** The way to add files without dragging: the system's file picker. */
import { Plus } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'

export interface AddFilesButtonProps {
  /** Names the card for those who hear one button after another. */
  cardTitle: string
  onFiles: (files: readonly File[]) => void
}

export function AddFilesButton({ cardTitle, onFiles }: AddFilesButtonProps) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={`Files for ${cardTitle}`}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])]
          // The same file may be picked again, after a refusal for instance.
          currentTarget.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
      <Button
        variant="quiet"
        size="sm"
        className="w-full justify-start"
        aria-label={`Add files to ${cardTitle}`}
        onClick={() => picker.current?.click()}
      >
        <Plus aria-hidden className="size-4" />
        Add files
      </Button>
    </>
  )
}
