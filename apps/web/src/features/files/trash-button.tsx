/** Puts the file that is looked at into the trash. Nothing is asked, because it can be undone. */
import type { File } from '@studio/contracts/file'
import { Trash2 } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { useTrashFile } from './use-trash-file.ts'

export interface TrashButtonProps {
  file: File
  /** The file leaves the screen. */
  onTrash: () => void
}

export function TrashButton({ file, onTrash }: TrashButtonProps) {
  const trash = useTrashFile(file.projectId)
  return (
    <Button
      variant="quiet"
      onClick={() => {
        onTrash()
        trash(file)
      }}
    >
      <Trash2 aria-hidden className="size-4" />
      Move to trash
    </Button>
  )
}
