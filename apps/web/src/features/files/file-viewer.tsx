/** One file, large, with what is known about it; arrow keys go through the others of its card. */
import type { File, FileId } from '@studio/contracts/file'
import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useRef, type KeyboardEvent } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { AssetSiblings, DownloadLink, FileFacts } from './file-details.tsx'
import { FileStage } from './file-stage.tsx'
import { tileId } from './tile-id.ts'
import { TrashButton } from './trash-button.tsx'
import { useFileUrls } from './use-file-urls.ts'

export interface FileViewerProps {
  file: File
  /** The files that the arrow keys go through, this one among them. */
  siblings: readonly File[]
  /** Where the file is: the card's title. */
  place: string
  localUrl: string | undefined
  onShow: (fileId: FileId) => void
  onClose: () => void
}

/** Arrow keys in a player are the player's. */
function isPlayer(target: EventTarget): boolean {
  return target instanceof HTMLMediaElement
}

function useSteps({ file, siblings, onShow }: FileViewerProps) {
  const index = siblings.findIndex(({ id }) => id === file.id)
  const previous = siblings[index - 1]
  const next = siblings[index + 1]
  function onKeyDown(event: KeyboardEvent): void {
    if (isPlayer(event.target) || event.metaKey || event.ctrlKey || event.altKey) return
    const step = event.key === 'ArrowLeft' ? previous : event.key === 'ArrowRight' ? next : undefined
    if (step === undefined) return
    event.preventDefault()
    onShow(step.id)
  }
  return { index, previous, next, onKeyDown }
}

export function FileViewer(props: FileViewerProps) {
  const { file, siblings, place, localUrl, onShow, onClose } = props
  const { index, previous, next, onKeyDown } = useSteps(props)
  const url = useFileUrls([file.id]).get(file.id)
  const content = useRef<HTMLDivElement>(null)

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="animate-appear fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          ref={content}
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            // The dialog itself: arrow keys work at once, and no button looks as if it had been chosen.
            event.preventDefault()
            content.current?.focus()
          }}
          onCloseAutoFocus={(event) => {
            // No button opened this dialog, an address did: the way back is the tile of the file that was shown last.
            event.preventDefault()
            document.getElementById(tileId(file.id))?.focus()
          }}
          tabIndex={-1}
          className="animate-appear fixed inset-0 z-50 flex flex-col overflow-hidden bg-surface outline-none sm:inset-4 sm:rounded-xl sm:border sm:border-line sm:shadow-floating md:inset-8 lg:flex-row"
        >
          <div className="relative flex min-h-0 grow bg-sunken">
            <div
              className="m-4 grid min-w-0 grow place-items-center sm:m-14"
              style={{ containerType: 'size' }}
            >
              <FileStage file={file} url={url} localUrl={localUrl} />
            </div>
            <Step side="left" label="Previous file" file={previous} onShow={onShow} />
            <Step side="right" label="Next file" file={next} onShow={onShow} />
          </div>
          <aside className="scrollbar-quiet flex max-h-[50%] w-full shrink-0 flex-col gap-5 overflow-y-auto border-t border-line p-5 lg:max-h-none lg:w-80 lg:border-t-0 lg:border-l">
            <header className="pr-10">
              <Dialog.Title className="text-lg font-semibold tracking-tight wrap-anywhere">
                {file.name}
              </Dialog.Title>
              <p className="mt-0.5 text-sm text-ink-faint">
                {place}
                {siblings.length > 1 && index !== -1 && ` · ${index + 1} of ${siblings.length}`}
              </p>
            </header>
            <FileFacts file={file} />
            <DownloadLink file={file} />
            <TrashButton file={file} onTrash={onClose} />
            {file.assetId !== null && <AssetSiblings file={file} assetId={file.assetId} />}
          </aside>
          <Dialog.Close asChild>
            <IconButton label="Close" variant="floating" className="absolute top-3 right-3 lg:shadow-none">
              <X aria-hidden className="size-5" />
            </IconButton>
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface StepProps {
  side: 'left' | 'right'
  label: string
  file: File | undefined
  onShow: (fileId: FileId) => void
}

function Step({ side, label, file, onShow }: StepProps) {
  if (file === undefined) return null
  const Icon = side === 'left' ? ChevronLeft : ChevronRight
  return (
    <IconButton
      label={label}
      variant="floating"
      onClick={() => onShow(file.id)}
      className={`absolute top-1/2 -translate-y-1/2 ${side === 'left' ? 'left-2' : 'right-2'}`}
    >
      <Icon aria-hidden className="size-5" />
    </IconButton>
  )
}
