/** A file as large as there is room for. */
import type { File } from '@studio/contracts/file'
import { previewOf, typeIcon, typeName } from './describe-type.ts'
import { FilePicture } from './file-picture.tsx'
import { AudioPlayer, VideoPlayer } from './file-player.tsx'
import { useRenewUrl } from './use-file-urls.ts'

export interface FileStageProps {
  file: File
  url: string | null | undefined
  localUrl: string | undefined
}

/** The stage is a size container: the box has its final measures before a byte of the picture is here. */
function boxStyle({ width, height }: File) {
  if (width === null || height === null) return { width: '100cqw', height: '100cqh' }
  return { aspectRatio: width / height, width: `min(100cqw, calc(100cqh * ${width / height}), ${width}px)` }
}

export function FileStage({ file, url, localUrl }: FileStageProps) {
  const renew = useRenewUrl()
  const preview = previewOf(file.mimeType)
  if (preview === 'image') {
    return (
      <div className="relative overflow-hidden rounded-sm" style={boxStyle(file)}>
        <FilePicture
          key={file.id}
          file={file}
          pictureId={file.id}
          url={url}
          localUrl={localUrl}
          onBroken={renew}
          fit="contain"
        />
      </div>
    )
  }
  if (preview === 'video')
    return (
      <VideoPlayer key={file.id} file={file} url={url ?? undefined} onBroken={renew} style={boxStyle(file)} />
    )
  if (preview === 'audio')
    return <AudioPlayer key={file.id} file={file} url={url ?? undefined} onBroken={renew} />
  const Icon = typeIcon(file.mimeType)
  return (
    <div className="text-center text-ink-soft">
      <Icon aria-hidden className="mx-auto size-16 text-ink-faint" strokeWidth={1} />
      <p className="mt-4 font-medium text-ink">{typeName(file.mimeType)}</p>
      <p className="mt-0.5 text-sm">No preview for this kind of file. Download it to open it.</p>
    </div>
  )
}
