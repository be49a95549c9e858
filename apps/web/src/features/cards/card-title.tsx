/** A card's title: a heading that turns into a field where it stands. */
import type { Card } from '@studio/contracts/card'
import { useState } from 'react'

/** As the `title` field of `cards` has it. */
export const CARD_TITLE_MAX = 500

export interface CardTitleProps {
  card: Card
  editing: boolean
  onEdit: (editing: boolean) => void
  onRename: (title: string) => void
}

export function CardTitle({ card, editing, onEdit, onRename }: CardTitleProps) {
  if (editing) {
    return <CardTitleField title={card.title} onRename={onRename} onDone={() => onEdit(false)} />
  }
  return (
    <h2 className="min-w-0 grow text-base font-semibold tracking-tight" title={card.title}>
      {/* Pointers may click the words; the keyboard's way is "Rename" in the card's menu. */}
      <span onDoubleClick={() => onEdit(true)} className="block truncate px-1.5 py-1">
        {card.title || 'Untitled'}
      </span>
    </h2>
  )
}

interface CardTitleFieldProps {
  title: string
  onRename: (title: string) => void
  onDone: () => void
}

function CardTitleField({ title, onRename, onDone }: CardTitleFieldProps) {
  const [draft, setDraft] = useState(title)
  function commit(): void {
    const next = draft.trim()
    if (next !== '' && next !== title) onRename(next)
    onDone()
  }
  return (
    <input
      autoFocus
      aria-label="Card title"
      value={draft}
      maxLength={CARD_TITLE_MAX}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={commit}
      onKeyDown={(event) => {
        // Enter also ends an input method's composition; that is not meant for us.
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) commit()
        if (event.key === 'Escape') onDone()
      }}
      className="min-w-0 grow rounded-sm border border-accent bg-surface px-1.25 py-0.75 text-lg font-semibold tracking-tight outline-none md:text-base"
    />
  )
}
