/** How many uploads are under way, wherever one is; and a question before they are given up. */
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { countOf } from '../../ui/count-of.ts'
import { Spinner } from '../../ui/spinner.tsx'
import { countActive, useUploadQueue } from './upload-queue.ts'

/** How many uploads still need this page. */
export function useActiveUploads(): number {
  return useStore(useUploadQueue().store, ({ items }) => countActive(items))
}

/** Browsers ask in their own words whether to leave. */
function useAskBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [active])
}

export function UploadSummary() {
  const count = useActiveUploads()
  useAskBeforeLeaving(count > 0)
  if (count === 0) return null
  return (
    <p className="animate-appear flex items-center gap-2 px-2 text-sm text-ink-soft tabular-nums">
      <Spinner />
      <span className="max-sm:sr-only">{countOf(count, 'upload')}</span>
    </p>
  )
}
