/** What comes of the answers to a queue's questions: an offer to somebody, or going on with what was begun before. */
import { SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import type { PendingUpload } from '@studio/contracts/pending-upload'
import type { Answer } from './ask-duplicates.ts'
import type { KeptUploads } from './keep-uploads.ts'
import type { QueueFiles } from './queue-files.ts'
import type { QueueState } from './queue-state.ts'
import type { QueuedFile } from './queued-file.ts'
import type { UploadItem } from './upload-item.ts'

export interface TakeOffersOptions {
  state: QueueState
  files: QueueFiles
  kept: KeptUploads
  /** Gives a waiting upload its file. */
  give: (id: string, file: QueuedFile) => void
  resume: (ids: readonly string[]) => void
  /** Takes uploads away of which the server does not know. */
  drop: (ids: readonly string[]) => void
}

export function createOfferTaker({ state, files, kept, give, resume, drop }: TakeOffersOptions) {
  function goOn(id: string, { request, confirmedBytes }: PendingUpload): void {
    const item = state.find(id)
    const file = files.get(id)
    const { idempotencyKey, mimeType, path = '' } = request
    if (item === undefined || file === undefined || !isBegunAlike(item, request)) return
    const known = state.items().find((other) => other.id !== id && other.idempotencyKey === idempotencyKey)
    if (known !== undefined && known.phase !== 'failed') return join(known, id, file)
    // A key runs once at a time; who adds the file again means this one.
    if (known !== undefined) drop([known.id])
    state.dispatch({
      type: 'adopted',
      id,
      begun: { idempotencyKey, mimeType, path, continuedFrom: confirmedBytes ?? 0 },
    })
    kept.keep(id, file)
  }

  /** One row is enough for one file in one place. */
  function join(known: UploadItem, id: string, file: QueuedFile): void {
    drop([id])
    if (known.phase === 'waiting') give(known.id, file)
    else if (known.phase === 'paused') resume([known.id])
    state.emit('joined', known)
  }

  return (answers: readonly Answer[]): void => {
    const found = answers.flatMap(({ id, offer, among }) =>
      offer.kind === 'already-here'
        ? [{ type: 'offered', id, offer: { file: offer.file, among } } as const]
        : [],
    )
    if (found.length > 0) {
      state.dispatch(...found)
      // Until somebody has said so, it is not to go on after a reload.
      kept.forget(found.map(({ id }) => id))
      const offered = found
        .flatMap(({ id }) => state.find(id) ?? [])
        .filter(({ phase }) => phase === 'offered')
      state.emit('offered', offered)
    }
    for (const { id, offer } of answers) if (offer.kind === 'continue') goOn(id, offer.upload)
  }
}

/** Of what goes in one piece nothing would be saved; and the server takes a key for the same request only. */
function isBegunAlike({ size, target }: UploadItem, request: PendingUpload['request']): boolean {
  return (
    size > SINGLE_PUT_MAX_BYTES &&
    request.sha256 === undefined &&
    request.usage === (target.usage ?? 'attachment') &&
    request.generationId === target.generationId
  )
}
