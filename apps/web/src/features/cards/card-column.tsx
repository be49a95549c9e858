/** One card of the board: title, menu, and room for what is on it. */
import type { Card } from '@studio/contracts/card'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CardMenu } from './card-menu.tsx'
import { CardTitle } from './card-title.tsx'
import type { Direction } from './card-order.ts'
import type { CardActions } from './use-card-actions.ts'
import type { CardDrag } from './use-card-drag.ts'

export const COLUMN_CLASS =
  'flex max-h-full w-[min(20rem,calc(100vw-3.5rem))] shrink-0 snap-center flex-col rounded-xl bg-sunken md:snap-start'

export interface CardColumnProps {
  card: Card
  actions: CardActions
  drag: CardDrag
  /** Its place on the board, from 0. */
  index: number
  isLast: boolean
  /** `undefined` while they load. */
  fileCount: number | undefined
  /** Files on their way to it: it is about to be no longer empty. */
  uploadCount: number
  children: ReactNode
  /** Stay in sight however long the card is. */
  uploads: ReactNode
  footer: ReactNode
}

/** Keeps a card that one moves in sight, and the keyboard where it was, once it stands in its new place. */
function useFollowMove(index: number) {
  const column = useRef<HTMLElement>(null)
  const trigger = useRef<HTMLButtonElement>(null)
  const moving = useRef(false)
  useEffect(() => {
    if (!moving.current) return
    moving.current = false
    column.current?.scrollIntoView({ behavior: 'smooth', block: 'nearest', inline: 'nearest' })
    trigger.current?.focus({ preventScroll: true })
  }, [index])
  return { column, trigger, moving }
}

/** Where a card that is being dragged would go. */
function DropMarker({ side }: { side: CardDrag['side'] }) {
  if (side === null) return null
  return (
    <span
      aria-hidden
      className={`absolute inset-y-0 z-10 w-0.75 rounded-full bg-accent ${side === 'left' ? '-left-2.5' : '-right-2.5'}`}
    />
  )
}

/** Files go to the end of a card: what one has added oneself is brought into sight there. */
function useRevealAdded(fileCount: number | undefined, uploadCount: number) {
  const scroller = useRef<HTMLDivElement>(null)
  const before = useRef({ fileCount, uploadCount })
  useEffect(() => {
    const { fileCount: known = fileCount, uploadCount: awaited } = before.current
    before.current = { fileCount, uploadCount }
    if (fileCount === undefined || known === undefined || fileCount <= known || awaited === 0) return
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: 'smooth' })
  }, [fileCount, uploadCount])
  return scroller
}

export function CardColumn(props: CardColumnProps) {
  const { card, actions, drag, index, fileCount, uploadCount, children, uploads, footer } = props
  const scroller = useRevealAdded(fileCount, uploadCount)
  const [editing, setEditing] = useState(false)
  const [confirming, setConfirming] = useState(false)
  const { column, trigger, moving } = useFollowMove(index)
  const name = card.title || 'Untitled'

  function move(direction: Direction): void {
    moving.current = true
    void actions.move(card.id, direction)
  }

  return (
    <section
      ref={column}
      aria-label={name}
      data-card={card.id}
      className={classNames(COLUMN_CLASS, 'relative transition-opacity', drag.isDragged && 'opacity-50')}
      {...drag.target}
    >
      <DropMarker side={drag.side} />
      <header
        {...(editing ? {} : drag.handle)}
        className="flex items-center gap-1 pt-2 pr-2 pb-1 pl-2.5 md:cursor-grab md:active:cursor-grabbing"
      >
        <CardTitle
          card={card}
          editing={editing}
          onEdit={setEditing}
          onRename={(title) => void actions.rename(card.id, title)}
        />
        {!editing && fileCount !== undefined && fileCount > 0 && (
          <span className="shrink-0 px-1 text-sm text-ink-faint tabular-nums">
            {fileCount}
            <span className="sr-only"> {fileCount === 1 ? 'file' : 'files'}</span>
          </span>
        )}
        <CardMenu
          card={card}
          triggerRef={trigger}
          isFirst={index === 0}
          isLast={props.isLast}
          isEmpty={fileCount === 0 && uploadCount === 0}
          onRename={() => setEditing(true)}
          onMove={move}
          onDelete={() => setConfirming(true)}
        />
      </header>
      <div
        ref={scroller}
        className="scrollbar-quiet min-h-0 grow overflow-y-auto overscroll-y-contain px-3 py-1.5"
      >
        {children}
      </div>
      {uploads}
      <footer className="px-1.5 pt-0.5 pb-1.5">{footer}</footer>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        returnFocusTo={trigger}
        title={`Delete “${name}”?`}
        confirmLabel="Delete card"
        onConfirm={() => void actions.remove(card.id)}
      >
        The card is empty. It goes for everyone in this project, and cannot be brought back.
      </ConfirmDialog>
    </section>
  )
}
