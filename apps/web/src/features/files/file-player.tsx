/** Plays sound and film through URLs that end while they play. */
import type { File, FileId } from '@studio/contracts/file'
import { Music2 } from 'lucide-react'
import { useRef, useState, type CSSProperties, type SyntheticEvent } from 'react'

/**
 * Keeps the URL that playing began with, since another one would start it anew. When that one has ended and the
 * player needs more of the file, goes on with the next from the same place.
 */
function useLastingSource({ file, url, onBroken }: PlayerProps) {
  const [src, setSrc] = useState(url)
  const [broken, setBroken] = useState<string | null>(null)
  const resume = useRef<{ at: number; playing: boolean } | null>(null)
  if (url !== undefined && url !== src && (src === undefined || src === broken)) setSrc(url)
  return {
    src,
    onError: ({ currentTarget }: SyntheticEvent<HTMLMediaElement>) => {
      if (src === undefined) return
      resume.current = { at: currentTarget.currentTime, playing: !currentTarget.paused }
      setBroken(src)
      onBroken(file.id)
    },
    onLoadedMetadata: ({ currentTarget }: SyntheticEvent<HTMLMediaElement>) => {
      if (resume.current === null) return
      currentTarget.currentTime = resume.current.at
      // Refused where a page may not start sound by itself; then the person presses play.
      if (resume.current.playing) void currentTarget.play().catch(() => undefined)
      resume.current = null
    },
  }
}

export interface PlayerProps {
  file: File
  url: string | undefined
  onBroken: (fileId: FileId) => void
}

export function VideoPlayer({ style, ...props }: PlayerProps & { style: CSSProperties }) {
  const source = useLastingSource(props)
  return (
    <video
      {...source}
      controls
      playsInline
      aria-label={props.file.name}
      className="max-h-full max-w-full rounded-sm bg-black"
      style={style}
    />
  )
}

export function AudioPlayer(props: PlayerProps) {
  const source = useLastingSource(props)
  return (
    <div className="grid w-full max-w-md justify-items-center gap-8">
      <Music2 aria-hidden className="size-16 text-ink-faint" strokeWidth={1} />
      <audio {...source} controls aria-label={props.file.name} className="w-full" />
    </div>
  )
}
