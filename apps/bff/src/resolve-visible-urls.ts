/** Addresses for the files that a person may see, and one and the same answer for all others (promise P5). */
import type { ResolvedUrl, UrlRequest } from '@studio/contracts/delivery'
import type { FileId } from '@studio/contracts/file'
import type { Caller } from './trpc.ts'

/** One answer for each item, in the same order. Unknown ids and ids of files that the person may not see look the same. */
export async function resolveVisibleUrls(
  { records, files }: Pick<Caller, 'records' | 'files'>,
  items: readonly UrlRequest[],
  signal: AbortSignal | undefined,
): Promise<ResolvedUrl[]> {
  const ids = items.map(({ fileId }) => fileId)
  const visible = await records.visible({ collection: 'files', ids, signal })
  const readable = items.filter(({ fileId }) => visible.has(fileId))
  const resolved = readable.length === 0 ? [] : await files.resolveUrls(readable, signal)
  // Answers come in the order of what was asked, so the next one belongs to the next visible item.
  const answers = resolved.values()
  return items.map(({ fileId }) => (visible.has(fileId) ? nextFor(fileId, answers) : notFound(fileId)))
}

function nextFor(fileId: FileId, answers: Iterator<ResolvedUrl, undefined>): ResolvedUrl {
  const answer = answers.next().value
  if (answer?.fileId !== fileId)
    throw new TypeError('The file service answered other items than it was asked for')
  return answer
}

function notFound(fileId: FileId): ResolvedUrl {
  return { status: 'error', fileId, code: 'FILE_NOT_FOUND' }
}
