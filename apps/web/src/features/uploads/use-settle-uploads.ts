/** Takes finished uploads off the screen once their files are on it. */
import type { File } from '@studio/contracts/file'
import { useEffect } from 'react'
import { useUploadQueue } from './upload-queue.ts'

/** Whichever comes first, the answer to the upload or the news of its record. */
export function useSettleUploads(files: readonly File[] | undefined): void {
  const queue = useUploadQueue()
  useEffect(() => {
    if (files === undefined) return undefined
    const fileIds = new Set(files.map(({ id }) => id))
    queue.appeared(fileIds)
    return queue.store.subscribe(() => queue.appeared(fileIds))
  }, [queue, files])
}
