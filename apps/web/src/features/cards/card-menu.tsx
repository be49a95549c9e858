/** What can be done with a card, for pointer and keyboard alike. */
import type { Card } from '@studio/contracts/card'
import { ArrowLeft, ArrowRight, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import type { RefObject } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import type { Direction } from './card-order.ts'

export interface CardMenuProps {
  card: Card
  triggerRef: RefObject<HTMLButtonElement | null>
  isFirst: boolean
  isLast: boolean
  /** Cards with files on them stay. */
  isEmpty: boolean
  onRename: () => void
  onMove: (direction: Direction) => void
  onDelete: () => void
}

export function CardMenu(props: CardMenuProps) {
  const { card, isFirst, isLast, isEmpty, onRename, onMove, onDelete } = props
  return (
    <Menu
      trigger={
        <IconButton ref={props.triggerRef} label={`Actions for ${card.title || 'Untitled'}`} size="sm">
          <Ellipsis aria-hidden className="size-4.5" />
        </IconButton>
      }
    >
      <MenuItem onSelect={onRename}>
        <Pencil aria-hidden />
        Rename
      </MenuItem>
      <MenuItem disabled={isFirst} onSelect={() => onMove('left')}>
        <ArrowLeft aria-hidden />
        Move left
      </MenuItem>
      <MenuItem disabled={isLast} onSelect={() => onMove('right')}>
        <ArrowRight aria-hidden />
        Move right
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger disabled={!isEmpty} onSelect={onDelete}>
        <Trash2 aria-hidden />
        {isEmpty ? 'Delete' : 'Delete (only empty cards)'}
      </MenuItem>
    </Menu>
  )
}
