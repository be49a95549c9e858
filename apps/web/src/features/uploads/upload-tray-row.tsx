/** One upload in the tray: where it goes, how far it is, and what can be done about it. */
import { percentOf, type UploadItem } from '@studio/upload-client/queue/upload-item'
import {
  Check,
  CircleAlert,
  File as FilePlain,
  Files,
  FolderOpen,
  Pause,
  Play,
  RotateCw,
  X,
} from 'lucide-react'
import { memo, useRef, type ReactNode } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { pickFiles, takeFiles } from './pick-files.ts'
import { OfferChoice } from './upload-offer.tsx'
import { useOnline } from './use-online.ts'
import { useUploadQueue } from './upload-queue.ts'
import { paceInWords, stateInWords } from './upload-words.ts'

export interface UploadTrayRowProps {
  item: UploadItem
  /** What somebody pressed in it is about to go. */
  onAnswered: () => void
}

/** Drawn anew only when this upload changes: there may be a hundred others. */
export const UploadTrayRow = memo(function UploadTrayRow({ item, onAnswered }: UploadTrayRowProps) {
  const isOnline = useOnline()
  const { phase, offer } = item
  const isMoving = phase === 'running' || phase === 'paused' || phase === 'queued'
  const where = [item.place, item.path].filter((part) => part !== '').join(' · ')
  return (
    <li className="flex gap-3 px-4 py-2.5">
      <Mark item={item} />
      <div className="min-w-0 grow">
        <p className="flex items-baseline gap-2">
          <span className="truncate font-medium" title={item.name}>
            {item.name}
          </span>
        </p>
        {where !== '' && (
          <p className="truncate text-xs text-ink-faint" title={where}>
            {where}
          </p>
        )}
        {isMoving && (
          <div className={classNames('mt-1.5', phase !== 'running' && 'opacity-60')}>
            <ProgressBar label={`Progress of ${item.name}`} percent={percentOf(item)} />
          </div>
        )}
        {offer === null ? (
          <>
            <p className="mt-1 flex justify-between gap-3 text-xs text-ink-soft tabular-nums">
              <span className={classNames('text-pretty', phase === 'failed' && 'text-danger')}>
                {stateInWords(item, isOnline)}
              </span>
              <span className="shrink-0 whitespace-nowrap text-ink-faint">
                {isOnline && paceInWords(item)}
              </span>
            </p>
            <Remedy item={item} />
          </>
        ) : (
          <OfferChoice item={item} offer={offer} onAnswered={onAnswered} />
        )}
      </div>
      <Controls item={item} />
    </li>
  )
})

function Mark({ item: { phase, need } }: { item: UploadItem }) {
  if (phase === 'stored')
    return <Disc className="text-accent" icon={<Check aria-hidden className="size-4" />} />
  if (phase === 'offered')
    return <Disc className="text-accent" icon={<Files aria-hidden className="size-4" />} />
  if (phase === 'failed' || (phase === 'waiting' && need !== null)) {
    const tone = phase === 'failed' ? 'text-danger' : 'text-caution'
    return <Disc className={tone} icon={<CircleAlert aria-hidden className="size-4" />} />
  }
  return <Disc className="text-ink-faint" icon={<FilePlain aria-hidden className="size-4" />} />
}

function Disc({ icon, className }: { icon: ReactNode; className: string }) {
  return (
    <span
      className={classNames('mt-0.5 grid size-8 shrink-0 place-items-center rounded-md bg-sunken', className)}
    >
      {icon}
    </span>
  )
}

/** What a person can do about an upload that cannot go on by itself. */
function Remedy({ item }: { item: UploadItem }) {
  const { queue } = useUploadQueue()
  if (item.phase === 'failed' && item.retryable) {
    return (
      <Button
        size="sm"
        className="mt-2"
        aria-label={`Retry ${item.name}`}
        onClick={() => queue.retry(item.id)}
      >
        <RotateCw aria-hidden className="size-3.5" />
        Try again
      </Button>
    )
  }
  if (item.phase !== 'waiting' || item.need === null) return null
  if (item.need !== 'permission') return <ChooseAgain item={item} />
  return (
    <Button
      size="sm"
      className="mt-2"
      aria-label={`Continue ${item.name}`}
      onClick={() => void queue.askToRead()}
    >
      <Play aria-hidden className="size-3.5" />
      Continue
    </Button>
  )
}

function ChooseAgain({ item }: { item: UploadItem }) {
  const { queue } = useUploadQueue()
  const picker = useRef<HTMLInputElement>(null)
  const label = `Choose ${item.name} again`
  return (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={`File for ${item.name}`}
        onChange={({ currentTarget }) => {
          for (const file of takeFiles(currentTarget)) void queue.provide(item.id, file)
        }}
      />
      <Button
        size="sm"
        className="mt-2"
        aria-label={label}
        onClick={async () => {
          for (const file of await pickFiles({ multiple: false, input: picker.current })) {
            await queue.provide(item.id, file)
          }
        }}
      >
        <FolderOpen aria-hidden className="size-3.5" />
        Choose file
      </Button>
    </>
  )
}

function Controls({ item: { id, name, phase } }: { item: UploadItem }) {
  const { queue } = useUploadQueue()
  const isOver = phase === 'stored' || phase === 'failed'
  const removal = {
    label: `Cancel ${name}`,
    stored: `Remove ${name} from this list`,
    waiting: `Discard ${name}`,
  }
  const removeLabel = isOver ? removal.stored : phase === 'waiting' ? removal.waiting : removal.label
  return (
    <div className="-my-0.5 -mr-1.5 flex shrink-0 self-start">
      {(phase === 'running' || phase === 'queued') && (
        <IconButton label={`Pause ${name}`} size="sm" onClick={() => queue.pause(id)}>
          <Pause aria-hidden className="size-4" />
        </IconButton>
      )}
      {phase === 'paused' && (
        <IconButton label={`Resume ${name}`} size="sm" onClick={() => queue.resume(id)}>
          <Play aria-hidden className="size-4" />
        </IconButton>
      )}
      <IconButton label={removeLabel} size="sm" onClick={() => queue.remove(id)}>
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  )
}
