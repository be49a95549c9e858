/** The cards of a project side by side, with their files and uploads. */
import type { Card, CardId } from '@studio/contracts/card'
import type { File } from '@studio/contracts/file'
import type { Project } from '@studio/contracts/project'
import { LayoutPanelLeft } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { NewCard } from '../features/cards/new-card.tsx'
import { useCardDrag } from '../features/cards/use-card-drag.ts'
import { useCardActions } from '../features/cards/use-card-actions.ts'
import { useFileUrls } from '../features/files/use-file-urls.ts'
import { groupByCard, pictureOf } from '../features/files/use-project-files.ts'
import { useUploadQueue } from '../features/uploads/upload-queue.ts'
import { usePasteFiles } from '../features/uploads/use-paste-files.ts'
import { Button } from '../ui/button.tsx'
import { notify } from '../ui/notices.tsx'
import { StateMessage } from '../ui/state-message.tsx'
import { BoardCard, LooseFiles, uploadPlace } from './board-card.tsx'
import { OpenFile } from './open-file.tsx'
import { ProjectHeader } from './project-header.tsx'

export interface ProjectBoardProps {
  project: Project
  cards: readonly Card[]
  /** `undefined` while they load. */
  files: readonly File[] | undefined
}

const NO_FILES: readonly File[] = []

/** What is pasted goes to the card that has the keyboard, or else to the first. */
function usePasteToCard({ name }: Project, cards: readonly Card[]): void {
  const { add } = useUploadQueue()
  usePasteFiles(
    useCallback(
      (files) => {
        const focused = document.activeElement?.closest<HTMLElement>('[data-card]')?.dataset['card']
        const card = cards.find(({ id }) => id === focused) ?? cards[0]
        if (card === undefined) notify('info', 'Create a card first: files are pasted onto cards.')
        else add(uploadPlace(name, card), files)
      },
      [add, name, cards],
    ),
  )
}

/** The files of each card, and the URLs of all their pictures in one call. */
function useBoardFiles(cards: readonly Card[], files: readonly File[]) {
  const byCard = useMemo(() => groupByCard(files, new Set(cards.map(({ id }) => id))), [cards, files])
  const pictures = useMemo(() => files.flatMap((file) => pictureOf(file) ?? []), [files])
  const urls = useFileUrls(pictures)
  return { urls, filesOf: (cardId: CardId | null) => byCard.get(cardId) ?? NO_FILES }
}

export function ProjectBoard({ project, cards, files }: ProjectBoardProps) {
  const { urls, filesOf } = useBoardFiles(cards, files ?? NO_FILES)
  const actions = useCardActions(project.id, cards)
  usePasteToCard(project, cards)
  const { board, dragOf } = useCardDrag(actions.place)
  const [adding, setAdding] = useState(false)
  // Closing the file that was opened from here goes back in history; one that came with the address has no "back".
  const openedHere = useRef(false)
  const onOpen = () => {
    openedHere.current = true
  }
  const loose = filesOf(null)
  const isEmpty = cards.length === 0 && loose.length === 0 && !adding

  return (
    <>
      <ProjectHeader
        project={project}
        cardCount={cards.length}
        fileCount={files?.length}
        onNewCard={() => setAdding(true)}
      />
      {isEmpty ? (
        <div className="grid grow place-items-center pb-16">
          <StateMessage
            icon={LayoutPanelLeft}
            title="An empty board"
            action={<Button onClick={() => setAdding(true)}>Create the first card</Button>}
          >
            Cards hold the files of a project, in the order you give them.
          </StateMessage>
        </div>
      ) : (
        <div
          {...board}
          className="scrollbar-quiet flex min-h-0 grow snap-x snap-mandatory scroll-px-4 items-start gap-4 overflow-x-auto overscroll-x-contain px-4 pb-5 sm:scroll-px-6 sm:px-6 md:snap-none"
        >
          {cards.map((card, index) => (
            <BoardCard
              key={card.id}
              projectName={project.name}
              card={card}
              index={index}
              isLast={index === cards.length - 1}
              actions={actions}
              drag={dragOf(card.id, index)}
              files={files === undefined ? undefined : filesOf(card.id)}
              urls={urls}
              onOpen={onOpen}
            />
          ))}
          {loose.length > 0 && <LooseFiles files={loose} urls={urls} onOpen={onOpen} />}
          {adding && (
            <NewCard cardCount={cards.length} create={actions.create} onClose={() => setAdding(false)} />
          )}
        </div>
      )}
      {files !== undefined && (
        <OpenFile cards={cards} files={files} filesOf={filesOf} openedHere={openedHere} />
      )}
    </>
  )
}
