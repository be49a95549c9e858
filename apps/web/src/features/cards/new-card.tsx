/** The place after the last card where the next one is named. */
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { INPUT_CLASS } from '../../ui/text-field.tsx'
import { COLUMN_CLASS } from './card-column.tsx'
import { CARD_TITLE_MAX } from './card-title.tsx'
import type { CardActions } from './use-card-actions.ts'

export interface NewCardProps {
  /** How many cards stand before it. */
  cardCount: number
  create: CardActions['create']
  onClose: () => void
}

export function NewCard({ cardCount, create, onClose }: NewCardProps) {
  const [title, setTitle] = useState('')
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const field = useRef<HTMLInputElement>(null)

  // Each card that is added pushes the form out of sight.
  useEffect(() => {
    form.current?.scrollIntoView({ behavior: 'smooth', block: 'nearest', inline: 'end' })
  }, [cardCount])

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (title.trim() === '') return
    setBusy(true)
    const created = await create(title.trim())
    setBusy(false)
    // Ready for the next one: whoever lays out a board adds several.
    if (created) setTitle('')
    field.current?.focus({ preventScroll: true })
  }

  return (
    <form
      ref={form}
      aria-label="New card"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className={classNames(COLUMN_CLASS, 'animate-appear h-fit gap-2.5 p-3')}
    >
      <input
        ref={field}
        autoFocus
        aria-label="Title of the new card"
        placeholder="Title of the new card"
        value={title}
        maxLength={CARD_TITLE_MAX}
        onChange={(event) => setTitle(event.target.value)}
        className={classNames(INPUT_CLASS, 'h-9')}
      />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" size="sm" busy={busy} disabled={title.trim() === ''}>
          Add card
        </Button>
        <Button variant="quiet" size="sm" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
