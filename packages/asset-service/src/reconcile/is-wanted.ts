/** Whether a row still wants its bytes. */
import type { Standing } from '../ports/file-ledger.ts'

/**
 * What is not wanted never becomes it: ids are made once, their row is there before their first byte, and `expired` and
 * `purged` are final. So whoever asks this and then deletes needs no lock.
 */
export function isWanted(standing: Standing | undefined): boolean {
  if (standing === undefined) return false
  const { state } = standing
  return state === 'uploading' || state === 'ready' || state === 'trashed'
}

/** Whether the row's object has to be there: a file in the trash may be restored, so it is missed like any other. */
export function ownsObject({ state }: Standing): boolean {
  return state === 'ready' || state === 'trashed'
}

/** Does the row still need this multipart upload? One that is not noted may be, until another is. */
export function isMultipartWanted(standing: Standing | undefined, multipartId: string): boolean {
  if (standing?.state !== 'uploading') return false
  return standing.multipartId === null || standing.multipartId === multipartId
}
