/** The uploads of one card: how far each is, what went wrong, and what can be done about it. */
import type { CardId } from '@studio/contracts/card'
import { isActive, percentOf, type UploadItem } from '@studio/upload-client/queue/upload-item'
import { CircleAlert, Clock, File as FilePlain, RotateCw, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { IconButton } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format-bytes.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { useUploadQueue, type PageUploadsState } from './upload-queue.ts'

/** What a file that is stored says while its record has yet to be written. */
const PENDING_TEXT = 'Stored. It will appear as soon as the records service is back.'

/** A record follows its file within moments; only one that is late says that somebody is away. */
const RECORD_IS_LATE_MS = 2_000

/** A card shows its first few; the tray has them all. */
const ROWS = 12

function inWords({ phase, stage }: UploadItem): string {
  if (phase === 'queued') return 'Waiting'
  if (phase === 'paused') return 'Paused'
  if (phase === 'waiting') return 'To be continued'
  if (phase === 'offered') return 'Already in this project'
  return { hashing: 'Reading', uploading: 'Uploading', finishing: 'Finishing' }[stage]
}

/** What a card has to say: not of files that are stored and to be seen on it. */
function itemsOf({ items, shown }: PageUploadsState, cardId: CardId): readonly UploadItem[] {
  return items.filter(
    ({ target, fileId }) => target.cardId === cardId && (fileId === null || !shown.has(fileId)),
  )
}

/** How many uploads a card has on the screen. */
export function useUploadCount(cardId: CardId): number {
  return useStore(useUploadQueue().store, (state) => itemsOf(state, cardId).length)
}

export interface UploadListProps {
  cardId: CardId
  label: string
}

export function UploadList({ cardId, label }: UploadListProps) {
  const { store } = useUploadQueue()
  const items = useStore(
    store,
    useShallow((state) => itemsOf(state, cardId)),
  )
  if (items.length === 0) return null
  return (
    <ul
      aria-label={label}
      className="scrollbar-quiet grid max-h-64 min-h-20 shrink grid-cols-[minmax(0,1fr)] gap-2 overflow-y-auto px-3 pt-1.5 pb-1"
    >
      {items.slice(0, ROWS).map((item) => (
        <UploadRow key={item.id} item={item} />
      ))}
      {items.length > ROWS && (
        <li className="px-2 pb-1 text-xs text-ink-faint">
          and {(items.length - ROWS).toLocaleString('en')} more
        </li>
      )}
    </ul>
  )
}

function UploadRow({ item }: { item: UploadItem }) {
  const { queue, localUrlOf } = useUploadQueue()
  const active = isActive(item)
  return (
    <li className="animate-appear flex gap-2.5 rounded-md border border-line bg-surface p-2">
      <UploadPicture localUrl={localUrlOf(item.id)} />
      <div className="min-w-0 grow">
        <p className="truncate text-sm font-medium" title={item.name}>
          {item.name}
        </p>
        {active ? <UploadProgressLine item={item} /> : <UploadOutcome item={item} />}
      </div>
      <div className="-my-0.5 -mr-0.5 flex shrink-0 self-start">
        {item.phase === 'failed' && item.retryable && (
          <IconButton label={`Try again: ${item.name}`} size="sm" onClick={() => queue.retry(item.id)}>
            <RotateCw aria-hidden className="size-4" />
          </IconButton>
        )}
        <IconButton
          label={active ? `Cancel upload of ${item.name}` : `Dismiss ${item.name}`}
          size="sm"
          onClick={() => queue.remove(item.id)}
        >
          <X aria-hidden className="size-4" />
        </IconButton>
      </div>
    </li>
  )
}

function UploadPicture({ localUrl }: { localUrl: string | undefined }) {
  // Not every file that calls itself a picture is one, or one that this browser can draw.
  const [drawable, setDrawable] = useState(true)
  return (
    <span className="relative grid size-9 shrink-0 place-items-center overflow-hidden rounded-sm bg-sunken text-ink-faint">
      {localUrl !== undefined && drawable ? (
        <img
          src={localUrl}
          alt=""
          onError={() => setDrawable(false)}
          className="absolute inset-0 size-full object-cover"
        />
      ) : (
        <FilePlain aria-hidden className="size-4" />
      )}
    </span>
  )
}

function UploadProgressLine({ item }: { item: UploadItem }) {
  if (item.phase === 'offered') return <p className="mt-0.5 text-xs text-ink-faint">{inWords(item)}</p>
  const percent = percentOf(item)
  return (
    <>
      <div className="mt-1.5">
        <ProgressBar label={`Uploading ${item.name}`} percent={percent} />
      </div>
      <p className="mt-1 flex justify-between gap-2 text-xs text-ink-faint tabular-nums">
        <span>
          {inWords(item)} · {formatBytes(item.size)}
        </span>
        {percent !== null && item.phase !== 'queued' && item.phase !== 'waiting' && <span>{percent}%</span>}
      </p>
    </>
  )
}

function UploadOutcome({ item }: { item: UploadItem }) {
  if (item.phase === 'stored') {
    return (
      <p className="mt-0.5 flex items-start gap-1 text-xs text-ink-faint">
        {item.record === 'pending' ? <PendingRecord /> : 'Stored'}
      </p>
    )
  }
  return (
    <p role="alert" className="mt-0.5 flex items-start gap-1 text-xs text-danger">
      <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span className="text-pretty">{item.error}</span>
    </p>
  )
}

function PendingRecord() {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), RECORD_IS_LATE_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!isLate) return 'Stored'
  return (
    <>
      <Clock aria-hidden className="mt-0.5 size-3 shrink-0" />
      {PENDING_TEXT}
    </>
  )
}
