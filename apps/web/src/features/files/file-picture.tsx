/** A picture of a file: from its URL when there is one, otherwise what kind of file it is. */
import type { File, FileId } from '@studio/contracts/file'
import { useState } from 'react'
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

/**
 * A URL that has loaded is kept although newer ones come by: a file's bytes never change, so loading them again would
 * show the same picture.
 */
function useLastingUrl(url: string | null | undefined, onBroken: () => void) {
  const [loaded, setLoaded] = useState<string | null>(null)
  const [broken, setBroken] = useState<string | null>(null)
  const src = loaded ?? (url === broken ? null : url)
  return {
    src,
    isLoaded: loaded !== null,
    onLoad: () => setLoaded(src ?? null),
    onError: () => {
      setLoaded(null)
      setBroken(src ?? null)
      onBroken()
    },
  }
}

/** Fills its box. */
export function FilePicture({ file, pictureId, url, localUrl, onBroken, fit = 'cover' }: FilePictureProps) {
  const { src, isLoaded, onLoad, onError } = useLastingUrl(url, () => {
    if (pictureId !== null) onBroken(pictureId)
  })
  if (pictureId === null || (src === null && localUrl === undefined)) return <FileSymbol file={file} />
  return (
    <>
      {localUrl !== undefined && !isLoaded && (
        <img src={localUrl} alt="" aria-hidden className={classNames('absolute inset-0 size-full', fitClass(fit))} />
      )}
      {localUrl === undefined && !isLoaded && <Skeleton className="absolute inset-0 rounded-none" />}
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
