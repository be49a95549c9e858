/** The files on a card as a tidy grid, the first picture leading. */
import type { File, FileId } from '@studio/contracts/file'
import { FileTile } from './file-tile.tsx'
import { pictureOf } from './use-project-files.ts'
import { useRenewUrl, type FileUrls } from './use-file-urls.ts'

export interface FileGridProps {
  files: readonly File[]
  urls: FileUrls
  /** Names the list: "Files on Moodboard". */
  label: string
  localUrlOf: (fileId: FileId) => string | undefined
  onOpen: () => void
}

export function FileGrid({ files, urls, label, localUrlOf, onOpen }: FileGridProps) {
  const renew = useRenewUrl()
  return (
    <ul aria-label={label} className="grid grid-cols-2 gap-x-2.5 gap-y-3">
      {files.map((file, index) => (
        <FileTile
          key={file.id}
          file={file}
          lead={index === 0 && pictureOf(file) !== null}
          urls={urls}
          localUrl={localUrlOf(file.id)}
          onBroken={renew}
          onOpen={onOpen}
        />
      ))}
    </ul>
  )
}
