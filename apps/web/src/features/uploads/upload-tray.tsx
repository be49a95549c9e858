/** All uploads in one place, on every screen: docked at the bottom right, and along the bottom of a phone. */
import type { UploadItem } from '@studio/upload-client/queue/upload-item'
import type { UploadTotals } from '@studio/upload-client/queue/transfer-rate'
import { ChevronDown, ChevronUp, Pause, Play, X } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { Button, IconButton } from '../../ui/button.tsx'
import { countOf } from '../../ui/count-of.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { countUnsafe, useUploadQueue } from './upload-queue.ts'
import { OffersLine } from './upload-offer.tsx'
import { UploadTrayRow } from './upload-tray-row.tsx'
import {
  inTrayOrder,
  isOver,
  movingOf,
  needsPerson,
  overviewInWords,
  percentOfAll,
  totalsInWords,
} from './upload-words.ts'

const LIST_ID = 'upload-tray-list'

/** Rows that are drawn at first, and more each time somebody asks: nobody reads two thousand. */
const ROWS = 50

/** A tray that only says that all went well goes by itself. */
const GOES_AFTER_MILLISECONDS = 6_000

/** Browsers ask in their own words whether to leave; only when something would be lost. */
function useAskBeforeLeaving(items: readonly UploadItem[]): void {
  const isUnsafe = countUnsafe(items) > 0
  useEffect(() => {
    if (!isUnsafe) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isUnsafe])
}

/** Opens by itself when an upload needs somebody, and never closes by itself under somebody's eyes. */
function useOpenWhenNeeded(items: readonly UploadItem[]) {
  const [open, setOpen] = useState(false)
  const needy = items.filter(needsPerson).length
  const [known, setKnown] = useState(needy)
  if (needy !== known) {
    setKnown(needy)
    if (needy > known) setOpen(true)
  }
  return [open && items.length > 0, setOpen] as const
}

export function UploadTray() {
  const { store, queue, clearSettled } = useUploadQueue()
  const { items, totals } = useStore(store)
  const [open, setOpen] = useOpenWhenNeeded(items)
  const [attended, setAttended] = useState(false)
  useAskBeforeLeaving(items)

  const isQuiet = items.length > 0 && items.every(({ phase }) => phase === 'stored') && !open && !attended
  useEffect(() => {
    if (!isQuiet) return undefined
    const timer = setTimeout(clearSettled, GOES_AFTER_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [isQuiet, clearSettled])

  if (items.length === 0) return null
  return (
    <section
      aria-label="Uploads"
      onPointerEnter={() => setAttended(true)}
      onPointerLeave={() => setAttended(false)}
      onFocus={() => setAttended(true)}
      onBlur={() => setAttended(false)}
      onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
      className="animate-rise z-30 flex flex-col overflow-hidden bg-surface max-sm:shrink-0 max-sm:border-t max-sm:border-line sm:fixed sm:right-4 sm:bottom-4 sm:w-104 sm:rounded-xl sm:border sm:border-line sm:shadow-floating"
    >
      <TrayHeader totals={totals} open={open} onOpen={setOpen} onClear={queue.clearFinished} />
      {open && <TrayList items={items} />}
    </section>
  )
}

interface TrayHeaderProps {
  totals: UploadTotals
  open: boolean
  onOpen: (open: boolean) => void
  onClear: () => void
}

function TrayHeader({ totals, open, onOpen, onClear }: TrayHeaderProps) {
  const { queue } = useUploadQueue()
  const { active, paused } = totals
  const moving = movingOf(totals)
  const overview = overviewInWords(totals)
  const Chevron = open ? ChevronDown : ChevronUp
  return (
    <header>
      <div className="flex items-center gap-0.5 py-2 pr-2 pl-4">
        <div className="min-w-0 grow">
          <h2 className="truncate text-base font-semibold tracking-tight">{totalsInWords(totals)}</h2>
          {overview !== '' && <p className="truncate text-xs text-ink-faint tabular-nums">{overview}</p>}
        </div>
        {moving > 0 && (
          <IconButton label="Pause all uploads" onClick={queue.pauseAll}>
            <Pause aria-hidden className="size-4" />
          </IconButton>
        )}
        {moving === 0 && paused > 0 && (
          <IconButton label="Resume all uploads" onClick={queue.resumeAll}>
            <Play aria-hidden className="size-4" />
          </IconButton>
        )}
        <IconButton
          label={open ? 'Hide the list of uploads' : 'Show the list of uploads'}
          aria-expanded={open}
          aria-controls={LIST_ID}
          onClick={() => onOpen(!open)}
        >
          <Chevron aria-hidden className="size-4" />
        </IconButton>
        {active === 0 && (
          <IconButton label="Clear finished uploads" onClick={onClear}>
            <X aria-hidden className="size-4" />
          </IconButton>
        )}
      </div>
      {moving + paused > 0 && (
        <div className="px-4 pb-2">
          <ProgressBar label="Progress of all uploads" percent={percentOfAll(totals)} />
        </div>
      )}
    </header>
  )
}

function TrayList({ items }: { items: readonly UploadItem[] }) {
  const { queue } = useUploadQueue()
  const list = useRef<HTMLUListElement>(null)
  const focusList = useCallback(() => list.current?.focus({ preventScroll: true }), [])
  const [rows, setRows] = useState(ROWS)
  const ordered = useMemo(() => inTrayOrder(items), [items])
  const hidden = ordered.length - rows
  const forbidden = items.filter(({ need }) => need === 'permission').length
  const isPartlyOver = items.some(isOver) && !items.every(isOver)
  return (
    <div id={LIST_ID} className="flex min-h-0 flex-col border-t border-line">
      {forbidden > 1 && (
        <div className="flex items-center justify-between gap-3 bg-caution-wash px-4 py-2 text-sm text-caution">
          <p className="text-pretty">{countOf(forbidden, 'file')} may be read again once you say so.</p>
          <Button size="sm" onClick={() => void queue.askToRead()}>
            Continue all
          </Button>
        </div>
      )}
      <OffersLine items={items} onAnswered={focusList} />
      <ul
        ref={list}
        tabIndex={-1}
        aria-label="Uploads of this page"
        className="outline-none scrollbar-quiet max-h-[44dvh] sm:max-h-[min(26rem,52dvh)] divide-y divide-line/60 overflow-y-auto overscroll-contain"
      >
        {ordered.slice(0, rows).map((item) => (
          <UploadTrayRow key={item.id} item={item} onAnswered={focusList} />
        ))}
        {hidden > 0 && (
          <li className="px-4 py-2.5">
            <Button size="sm" variant="quiet" onClick={() => setRows(rows + ROWS)}>
              Show more, {hidden.toLocaleString('en')} are not shown
            </Button>
          </li>
        )}
      </ul>
      {isPartlyOver && (
        <footer className="flex justify-end border-t border-line px-2 py-1.5">
          <Button size="sm" variant="quiet" onClick={queue.clearFinished}>
            Clear finished
          </Button>
        </footer>
      )}
    </div>
  )
}
