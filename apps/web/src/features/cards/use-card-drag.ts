/** Dragging cards by their heads with a pointer; for fingers and the keyboard there is the card's menu. */
import type { CardId } from '@studio/contracts/card'
import { useState, type DragEvent } from 'react'

/** A type of our own: cards that are dragged are nothing to other pages, and files nothing to us here. */
const CARD_TYPE = 'application/x-studio-card'

interface Dragged {
  cardId: CardId
  from: number
  /** The gap between cards that it would fall into: 0 is before the first. */
  gap: number | null
}

/** What one card needs to be dragged and to be dropped beside. */
export interface CardDrag {
  isDragged: boolean
  /** On which side of this card to show where the dragged one would go. */
  side: 'left' | 'right' | null
  handle: {
    draggable: true
    onDragStart: (event: DragEvent<HTMLElement>) => void
    onDragEnd: () => void
  }
  target: { onDragOver: (event: DragEvent<HTMLElement>) => void }
}

/** What the board needs: cards are dropped anywhere on it, the gaps between them included. */
export interface BoardDrop {
  onDragOver: (event: DragEvent<HTMLElement>) => void
  onDrop: (event: DragEvent<HTMLElement>) => void
}

/** Taking a card out moves all that follow it up by one. */
function placeOf({ from, gap }: Dragged): number | null {
  if (gap === null) return null
  return gap > from ? gap - 1 : gap
}

/** `place` is told where a card was dropped, counted from 0. */
export function useCardDrag(place: (cardId: CardId, at: number) => void) {
  const [dragged, setDragged] = useState<Dragged | null>(null)

  function sideOf(index: number): CardDrag['side'] {
    if (dragged === null || placeOf(dragged) === dragged.from) return null
    // Each gap is shown once: on the right of the card before it, or on the left of the first.
    if (dragged.gap === index + 1) return 'right'
    return dragged.gap === 0 && index === 0 ? 'left' : null
  }

  const carries = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes(CARD_TYPE)

  const board: BoardDrop = {
    onDragOver: (event) => {
      if (dragged === null || !carries(event)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'move'
    },
    onDrop: (event) => {
      if (dragged === null || !carries(event)) return
      event.preventDefault()
      const at = placeOf(dragged)
      if (at !== null) place(dragged.cardId, at)
      setDragged(null)
    },
  }

  const dragOf = (cardId: CardId, index: number): CardDrag => ({
    isDragged: dragged?.cardId === cardId,
    side: sideOf(index),
    handle: {
      draggable: true,
      onDragStart: ({ dataTransfer, currentTarget }) => {
        dataTransfer.setData(CARD_TYPE, cardId)
        dataTransfer.effectAllowed = 'move'
        const column = currentTarget.parentElement
        if (column !== null) dataTransfer.setDragImage(column, 24, 24)
        setDragged({ cardId, from: index, gap: null })
      },
      onDragEnd: () => setDragged(null),
    },
    target: {
      onDragOver: (event) => {
        if (dragged === null || !carries(event)) return
        const { left, width } = event.currentTarget.getBoundingClientRect()
        const gap = event.clientX < left + width / 2 ? index : index + 1
        if (gap !== dragged.gap) setDragged({ ...dragged, gap })
      },
    },
  })

  return { board, dragOf }
}
