/** A file on a card: its picture, its name, and the way to see it large. */
import type { File, FileId } from '@studio/contracts/file'
import { Link } from '@tanstack/react-router'
import { classNames } from '../../ui/class-names.ts'
import { formatBytes } from '../../ui/format-bytes.ts'
import { FilePicture } from './file-picture.tsx'
import { typeName } from './describe-type.ts'
import { pictureOf } from './use-project-files.ts'
import { tileId } from './tile-id.ts'
import type { FileUrls } from './use-file-urls.ts'

/** The first picture of a card is shown whole unless it is taller or wider than this. */
const LEAD_RATIO_MIN = 0.8
const LEAD_RATIO_MAX = 2.2
const TILE_RATIO = 4 / 3

export interface FileTileProps {
  file: File
  /** Takes the card's whole width, in the picture's own proportions. */
  lead: boolean
  urls: FileUrls
  localUrl: string | undefined
  onBroken: (fileId: FileId) => void
  onOpen: () => void
}

function ratioOf({ width, height }: File, lead: boolean): number {
  if (!lead) return TILE_RATIO
  const own = width === null || height === null ? 16 / 9 : width / height
  return Math.min(LEAD_RATIO_MAX, Math.max(LEAD_RATIO_MIN, own))
}

export function FileTile({ file, lead, urls, localUrl, onBroken, onOpen }: FileTileProps) {
  const picture = pictureOf(file)
  return (
    <li className={classNames('min-w-0', lead && 'col-span-full')}>
      <Link
        id={tileId(file.id)}
        to="/projects/$projectId"
        params={{ projectId: file.projectId }}
        search={{ file: file.id }}
        resetScroll={false}
        onClick={onOpen}
        title={file.name}
        aria-label={file.name}
        className="group block rounded-md"
      >
        <span
          className="relative block overflow-hidden rounded-md bg-surface ring-1 ring-ink/8 transition-shadow duration-150 ring-inset group-hover:ring-ink/25 after:absolute after:inset-0 after:rounded-md after:ring-1 after:ring-ink/8 after:ring-inset"
          style={{ aspectRatio: ratioOf(file, lead) }}
        >
          <FilePicture
            file={file}
            pictureId={picture}
            url={picture === null ? undefined : urls.get(picture)}
            localUrl={localUrl}
            onBroken={onBroken}
          />
        </span>
        <span aria-hidden className="mt-1 block truncate px-0.5 text-xs text-ink-soft group-hover:text-ink">
          {file.name}
        </span>
        {picture === null && (
          <span className="block truncate px-0.5 text-xs text-ink-faint">
            {typeName(file.mimeType)} · {formatBytes(file.size)}
          </span>
        )}
      </Link>
    </li>
  )
}
