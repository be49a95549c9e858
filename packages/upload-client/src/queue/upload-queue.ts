/** Uploads many files: a few at a time, each to be paused, resumed, tried again and cancelled, and kept for after a reload. */
import { FILE_MAX_BYTES } from '@studio/contracts/limits'
import { ERROR_CODES } from '@studio/contracts/error-code'
import type { PendingStore, PendingUpload } from '../pending/pending-upload.ts'
import type { UploadClient } from '../upload-client.ts'
import { createDuplicateQuestions, type AskDuplicatesOptions } from './ask-duplicates.ts'
import { createFileHandover } from './hand-over-files.ts'
import { createKeptUploads } from './keep-uploads.ts'
import { createQueueState, type QueueEvents } from './queue-state.ts'
import { createQueueFiles } from './queue-files.ts'
import { queuedItem, randomKey, type QueuedFile, type QueuePlace } from './queued-file.ts'
import { createRestoredUploads } from './restore-uploads.ts'
import { createQueueRunner } from './run-queue.ts'
import { createOfferTaker } from './take-offers.ts'
import type { UploadTotals } from './transfer-rate.ts'
import { createTryAgain } from './try-again.ts'
import { everyByTimer, watchSpeeds, type WatchSpeedsOptions } from './watch-speeds.ts'
import { isActive, type UploadItem } from './upload-item.ts'

/** Browsers open six connections to a server; whatever else goes on there needs some of them. */
const CONCURRENCY = 3

export interface UploadQueueOptions {
  client: Pick<UploadClient, 'createUpload'>
  /** Uploads that run at once; each sends several parts at once. */
  concurrency?: number
  /** Larger files are refused before a byte of them is read. */
  fileMaxBytes?: () => number
  /** In words, for a file above `fileMaxBytes`. */
  tooLarge?: (limit: number) => string
  /** Tells the server that an upload which another page or browser began is not wanted any more. */
  discard?: (item: UploadItem) => Promise<unknown>
  /** Tells which files are there already or were begun before; without it nobody asks. */
  findDuplicates?: AskDuplicatesOptions['find']
  now?: () => number
  every?: WatchSpeedsOptions['every']
}

export interface UploadQueue {
  items(): readonly UploadItem[]
  totals(): UploadTotals
  /** Its file, while the upload needs it. */
  sourceOf(id: string): Blob | undefined
  on<Name extends keyof QueueEvents>(name: Name, listener: (event: QueueEvents[Name]) => void): () => void
  /** A file that a waiting upload of the same place needs goes on with that one. */
  add(place: QueuePlace, files: readonly QueuedFile[]): Promise<void>
  pause(id: string): void
  resume(id: string): void
  pauseAll(): void
  resumeAll(): void
  /** Once more after a failure, with the file as it is now. */
  retry(id: string): void
  /** Sends an offered file although the project has it. To take it away instead: `remove`. */
  uploadAnyway(id: string): void
  uploadAllOffered(): void
  skipOffered(): void
  /** Cancels it, or takes away one that has ended. */
  remove(id: string): void
  clearFinished(): void
  /**
   * Gives a waiting upload its file; resolves to whether it is its file, and if not, the upload says so in words. An upload whose
   * file has changed takes any, from the beginning.
   */
  provide(id: string, file: QueuedFile): Promise<boolean>
  /** Asks the person for leave to read every file that needs it. Only while a click of theirs is being handled. */
  askToRead(): Promise<void>
  /** Keeps uploads there from now on, and goes on with those that were left there. `undefined`: keeps nothing. */
  keepIn(store: PendingStore | undefined): void
  /** Uploads that only the server knows; their files have to be picked. */
  addFromElsewhere(uploads: readonly PendingUpload[]): void
  /** Stops and forgets everything. What is kept stays. */
  clear(): void
}

/** Makes a queue without uploads. */
export function createUploadQueue({
  client,
  concurrency = CONCURRENCY,
  fileMaxBytes = () => FILE_MAX_BYTES,
  tooLarge = () => ERROR_CODES.FILE_TOO_LARGE.message,
  discard = () => Promise.resolve(),
  findDuplicates,
  now = () => performance.now(),
  every = everyByTimer,
}: UploadQueueOptions): UploadQueue {
  const state = createQueueState()
  const files = createQueueFiles()
  const kept = createKeptUploads({ state, files })
  const onAnswers = createOfferTaker({ state, files, kept, give, resume, drop })
  const questions = findDuplicates && createDuplicateQuestions({ files, find: findDuplicates, onAnswers })
  const runner = createQueueRunner({
    state,
    client,
    concurrency,
    files,
    beforeBegin: async (id) => questions?.answered(id),
  })
  const restored = createRestoredUploads({ state, files, onFound: runner.startNext })
  const handover = createFileHandover({ state, files, give, replace })
  const tryAgain = createTryAgain({ state, files, onRetried, replace })
  const totals = watchSpeeds({ state, now, every })
  let stopAdopting = () => {}

  state.on('stored', ({ item: { id } }) => {
    files.letGo([id])
    kept.forget([id])
  })
  state.on('failed', ({ id, retryable }) => {
    if (!retryable) kept.forget([id])
  })

  function take(place: QueuePlace, taken: readonly QueuedFile[]): void {
    const added = taken.map((file) => ({ file, item: queuedItem(place, file) }))
    for (const { item, file } of added) files.set(item.id, file)
    state.dispatch({ type: 'added', items: added.map(({ item }) => item) })
    const limit = fileMaxBytes()
    for (const { item } of added.filter(({ file }) => file.source.size > limit)) {
      state.dispatch({ type: 'failed', id: item.id, code: 'FILE_TOO_LARGE', message: tooLarge(limit) })
    }
    questions?.ask(added.map(({ item }) => item).filter(({ size }) => size <= limit))
    runner.startNext()
    for (const { item, file } of added) kept.keep(item.id, file)
  }

  function give(id: string, file: QueuedFile): void {
    files.set(id, file)
    state.dispatch({ type: 'found', id })
    kept.keep(id, file)
    runner.startNext()
  }

  /** Another file than the one it began with. */
  function replace(id: string, file: QueuedFile): void {
    const { name, source } = file
    discardBegun(id)
    files.letGo([id])
    files.set(id, file)
    const facts = { name, size: source.size, mimeType: source.type }
    state.dispatch({ type: 'replaced', id, newKey: randomKey(), file: facts })
    kept.keep(id, file)
    runner.startNext()
  }

  function discardBegun(id: string): void {
    const item = state.find(id)
    if (item !== undefined && isActive(item) && item.goesOn) discard(item).catch(() => undefined)
  }

  function remove(ids: readonly string[]): void {
    for (const id of ids) {
      runner.abort(id)
      discardBegun(id)
    }
    drop(ids)
  }

  function drop(ids: readonly string[]): void {
    kept.forget(ids)
    files.letGo(ids)
    restored.forget(ids)
    state.dispatch({ type: 'removed', ids: new Set(ids) })
    runner.startNext()
  }

  function onRetried(id: string): void {
    const idempotencyKey = state.find(id)?.idempotencyKey
    if (idempotencyKey !== undefined) kept.change(id, { idempotencyKey })
    runner.startNext()
  }

  function insist(ids: readonly string[]): void {
    state.dispatch(...ids.map((id) => ({ type: 'insisted', id }) as const))
    runner.startNext()
    for (const id of ids) {
      const file = files.get(id)
      if (file !== undefined) kept.keep(id, file)
    }
  }

  function resume(ids: readonly string[]): void {
    state.dispatch(...ids.map((id) => ({ type: 'resumed', id }) as const))
    for (const id of ids) kept.change(id, { held: false })
    runner.startNext()
  }

  function pause(ids: readonly string[]): void {
    runner.pause(ids)
    for (const id of ids) kept.change(id, { held: true })
  }

  function idsIn(...phases: readonly UploadItem['phase'][]): string[] {
    const meant = state.items().filter(({ phase }) => phases.includes(phase))
    return meant.map(({ id }) => id)
  }

  return {
    items: state.items,
    totals,
    sourceOf: (id) => files.get(id)?.source,
    on: state.on,
    async add(place, added) {
      const others = await handover.toWaiting(place, added)
      if (others.length > 0) take(place, others)
    },
    pause: (id) => pause([id]),
    resume: (id) => resume([id]),
    pauseAll: () => pause(idsIn('queued', 'running')),
    resumeAll: () => resume(idsIn('paused')),
    retry: tryAgain,
    uploadAnyway: (id) => insist([id]),
    uploadAllOffered: () => insist(idsIn('offered')),
    skipOffered: () => remove(idsIn('offered')),
    remove: (id) => remove([id]),
    clearFinished: () => remove(idsIn('stored', 'failed')),
    provide: handover.to,
    askToRead: restored.askToRead,
    keepIn(store) {
      stopAdopting()
      kept.use(store)
      stopAdopting = store?.adopt(restored.fromStore) ?? (() => {})
    },
    addFromElsewhere: restored.fromElsewhere,
    clear() {
      const ids = idsIn('queued', 'running', 'paused', 'waiting', 'offered', 'stored', 'failed')
      ids.forEach(runner.abort)
      files.letGo(ids)
      restored.forget(ids)
      state.dispatch({ type: 'removed', ids: new Set(ids) })
    },
  }
}
