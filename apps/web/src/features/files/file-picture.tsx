/** A picture of a file: from its URL when there is one, otherwise what kind of file it is. */
import type { File, FileId } from '@studio/contracts/file'
import { useEffect, useState } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { typeIcon } from './describe-type.ts'

export interface FilePictureProps {
  file: File
  /** The file whose picture this is: itself or its thumbnail; `null` when there is none. */
  pictureId: FileId | null
  /** As `FileUrls` has it. */
  url: string | null | undefined
  /** Shown below until the real one has loaded: the bytes that were just uploaded from this page. */
  localUrl?: string | undefined
  /** The URL does not serve. */
  onBroken: (fileId: FileId) => void
  fit?: 'cover' | 'contain'
}

/** How soon a picture that failed is tried again when no other URL has come for it. */
const TRY_AGAIN_MS = 20_000

/**
 * A URL that has loaded is kept although newer ones come by: a file's bytes never change, so loading them again would
 * show the same picture. One that has failed is not tried again at once.
 */
function useLastingUrl(url: string | null | undefined, onBroken: () => void) {
  const [loaded, setLoaded] = useState<string | null>(null)
  const [broken, setBroken] = useState<string | null>(null)
  const [hasFailed, setHasFailed] = useState(false)
  useEffect(() => {
    if (broken === null) return undefined
    const timer = setTimeout(() => setBroken(null), TRY_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [broken])
  const src = loaded ?? (url === broken ? null : url)
  return {
    src,
    isLoaded: loaded !== null,
    isMissing: loaded === null && (hasFailed || url === null),
    onLoad: () => setLoaded(src ?? null),
    onError: () => {
      setLoaded(null)
      setBroken(src ?? null)
      setHasFailed(true)
      onBroken()
    },
  }
}

/** Fills its box. */
export function FilePicture({ file, pictureId, url, localUrl, onBroken, fit = 'cover' }: FilePictureProps) {
  const { src, isLoaded, isMissing, onLoad, onError } = useLastingUrl(url, () => {
    if (pictureId !== null) onBroken(pictureId)
  })
  if (pictureId === null) return <FileSymbol file={file} />
  return (
    <>
      {!isLoaded && <Beneath file={file} localUrl={localUrl} isMissing={isMissing} fit={fit} />}
      {typeof src === 'string' && (
        <img
          src={src}
          alt={file.name}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={onLoad}
          onError={onError}
          className={classNames(
            'absolute inset-0 size-full transition-opacity duration-150',
            fitClass(fit),
            !isLoaded && 'opacity-0',
          )}
        />
      )}
    </>
  )
}

interface BeneathProps {
  file: File
  localUrl: string | undefined
  isMissing: boolean
  fit: 'cover' | 'contain'
}

/** What is seen while there is no picture: the bytes at hand, what kind of file it is, or that it is on its way. */
function Beneath({ file, localUrl, isMissing, fit }: BeneathProps) {
  const [drawable, setDrawable] = useState(true)
  if (localUrl !== undefined && drawable) {
    return (
      <img
        src={localUrl}
        alt=""
        onError={() => setDrawable(false)}
        className={classNames('absolute inset-0 size-full', fitClass(fit))}
      />
    )
  }
  return isMissing ? <FileSymbol file={file} /> : <Skeleton className="absolute inset-0 rounded-none" />
}

function fitClass(fit: 'cover' | 'contain'): string {
  return fit === 'cover' ? 'object-cover' : 'object-contain'
}

/** What kind of file it is, large and quiet. */
function FileSymbol({ file }: { file: File }) {
  const Icon = typeIcon(file.mimeType)
  return (
    <span className="absolute inset-0 grid place-items-center text-ink-faint">
      <Icon aria-hidden className="size-8" strokeWidth={1.25} />
    </span>
  )
}
