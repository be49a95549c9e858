/** Asks what to do about files that the project has already: about one in its row, and about many with one line. */
import { projectIdSchema } from '@studio/contracts/project'
import type { UploadItem, UploadOffer } from '@studio/upload-client/queue/upload-item'
import { useNavigate } from '@tanstack/react-router'
import { trpc } from '../../trpc.ts'
import { Button } from '../../ui/button.tsx'
import { useUploadQueue } from './upload-queue.ts'
import { foundInWords, offersInWords } from './upload-words.ts'

export interface OfferProps {
  item: UploadItem
  offer: UploadOffer
  /** The buttons are about to go: the keyboard has to be somewhere else. */
  onAnswered: () => void
}

/** What lies where, and the two ways on. */
export function OfferChoice({ item, offer: { file }, onAnswered }: OfferProps) {
  const { queue } = useUploadQueue()
  const navigate = useNavigate()
  const projectId = projectIdSchema.parse(item.target.projectId)
  const { data: files } = trpc.files.list.useQuery({ projectId })
  const { data: cards } = trpc.cards.list.useQuery({ projectId })
  const known = files?.find(({ id }) => id === file.fileId)
  const card = cards?.find(({ id }) => id === known?.cardId)

  function useThatOne(): void {
    onAnswered()
    queue.remove(item.id)
    void navigate({
      to: '/projects/$projectId',
      params: { projectId },
      search: { file: file.fileId },
      resetScroll: false,
    })
  }

  return (
    <>
      <p className="mt-1 text-xs text-pretty text-ink-soft">
        {foundInWords(known?.name ?? file.name, card && (card.title || 'Untitled'))}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="sm" aria-label={`Use the one that’s here for ${item.name}`} onClick={useThatOne}>
          Use the one that’s here
        </Button>
        <Button
          size="sm"
          variant="quiet"
          aria-label={`Upload ${item.name} anyway`}
          onClick={() => {
            onAnswered()
            queue.uploadAnyway(item.id)
          }}
        >
          Upload anyway
        </Button>
      </div>
    </>
  )
}

export interface OffersLineProps {
  items: readonly UploadItem[]
  onAnswered: () => void
}

/** One answer for all; nothing where there is only one to ask about. */
export function OffersLine({ items, onAnswered }: OffersLineProps) {
  const { queue } = useUploadQueue()
  const offered = items.filter(({ phase }) => phase === 'offered')
  if (offered.length < 2) return null
  const answer = (how: () => void) => () => {
    onAnswered()
    how()
  }
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 bg-accent-wash px-4 py-2 text-sm text-accent-strong">
      <p className="text-pretty">{offersInWords(offered)}</p>
      <div className="flex gap-2">
        <Button size="sm" onClick={answer(queue.skipOffered)}>
          Skip them
        </Button>
        <Button size="sm" onClick={answer(queue.uploadAllOffered)}>
          Upload all
        </Button>
      </div>
    </div>
  )
}
