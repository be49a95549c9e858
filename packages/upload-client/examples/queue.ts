import { createUploadQueue, type UploadQueue } from '@studio/upload-client/queue'
import type { UploadClient } from '@studio/upload-client/upload-client'

export function openQueue(client: UploadClient, show: (words: string) => void): UploadQueue {
  const queue = createUploadQueue({ client, concurrency: 3 })
  queue.on('stored', ({ item, file }) => show(`${item.name} is ${file.fileId}`))
  queue.on('failed', ({ name, error }) => show(`${name}: ${error ?? ''}`))
  return queue
}

export async function dropFiles(queue: UploadQueue, files: readonly File[]): Promise<void> {
  const place = { target: { projectId: 'project00000001' }, place: 'Northern Lights' }
  await queue.add(
    place,
    files.map((source) => ({ source, name: source.name })),
  )
}

/** A lid that closes: everything stops, and goes on later. */
export function holdWhile(queue: UploadQueue, isHeld: boolean): void {
  if (isHeld) queue.pauseAll()
  else queue.resumeAll()
}
