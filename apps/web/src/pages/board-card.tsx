/** One card with its files, its uploads, and the ways to add to them. */
import type { Card } from '@studio/contracts/card'
import type { File as StudioFile } from '@studio/contracts/file'
import type { QueuedFile } from '@studio/upload-client/queue/queued-file'
import { CardColumn, COLUMN_CLASS } from '../features/cards/card-column.tsx'
import type { CardDrag } from '../features/cards/use-card-drag.ts'
import type { CardActions } from '../features/cards/use-card-actions.ts'
import { FileGrid } from '../features/files/file-grid.tsx'
import type { FileUrls } from '../features/files/use-file-urls.ts'
import { AddFilesButton } from '../features/uploads/add-files-button.tsx'
import { FileDropZone } from '../features/uploads/file-drop-zone.tsx'
import { UploadList, useUploadCount } from '../features/uploads/upload-list.tsx'
import { useUploadQueue, type UploadPlace } from '../features/uploads/upload-queue.ts'
import { Skeleton } from '../ui/skeleton.tsx'

interface FilesProps {
  urls: FileUrls
  onOpen: () => void
}

export interface BoardCardProps extends FilesProps {
  projectName: string
  card: Card
  index: number
  isLast: boolean
  actions: CardActions
  drag: CardDrag
  files: readonly StudioFile[] | undefined
}

/** Where files go that are added to this card. */
export function uploadPlace(projectName: string, card: Card): UploadPlace {
  const words = `${projectName} · ${card.title || 'Untitled'}`
  return { projectId: card.projectId, cardId: card.id, words }
}

export function BoardCard(props: BoardCardProps) {
  const { projectName, card, index, isLast, actions, drag, files, urls, onOpen } = props
  const { add, localUrlOf } = useUploadQueue()
  const uploads = useUploadCount(card.id)
  const title = card.title || 'Untitled'
  const place = uploadPlace(projectName, card)
  const addHere = (added: readonly QueuedFile[]) => add(place, added)

  return (
    <FileDropZone hint={`Drop to add to ${title}`} onFiles={addHere} className="relative flex max-h-full">
      <CardColumn
        card={card}
        index={index}
        isLast={isLast}
        actions={actions}
        drag={drag}
        fileCount={files?.length}
        uploadCount={uploads}
        uploads={<UploadList cardId={card.id} label={`Uploads to ${title}`} />}
        footer={<AddFilesButton cardTitle={title} onFiles={addHere} />}
      >
        {files === undefined ? (
          <FilesSkeleton />
        ) : (
          files.length > 0 && (
            <FileGrid
              label={`Files on ${title}`}
              files={files}
              urls={urls}
              localUrlOf={localUrlOf}
              onOpen={onOpen}
            />
          )
        )}
        {files?.length === 0 && uploads === 0 && (
          <p className="rounded-md border border-dashed border-line-strong/60 px-3 py-7 text-center text-sm text-ink-faint">
            Drop files here
          </p>
        )}
      </CardColumn>
    </FileDropZone>
  )
}

export interface LooseFilesProps extends FilesProps {
  files: readonly StudioFile[]
}

/** Files whose card is gone, or that were made for an asset: still here, and still to be found. */
export function LooseFiles({ files, urls, onOpen }: LooseFilesProps) {
  const { localUrlOf } = useUploadQueue()
  return (
    <section aria-label="On no card" className={COLUMN_CLASS}>
      <header className="px-4 pt-3 pb-2">
        <h2 className="text-base font-semibold tracking-tight text-ink-soft">On no card</h2>
      </header>
      <div className="scrollbar-quiet min-h-0 grow overflow-y-auto px-3 pt-1 pb-4">
        <FileGrid
          label="Files on no card"
          files={files}
          urls={urls}
          localUrlOf={localUrlOf}
          onOpen={onOpen}
        />
      </div>
    </section>
  )
}

function FilesSkeleton() {
  return (
    <div aria-hidden className="grid grid-cols-2 gap-2.5">
      <Skeleton className="col-span-full aspect-video" />
      <Skeleton className="aspect-[4/3]" />
      <Skeleton className="aspect-[4/3]" />
    </div>
  )
}
