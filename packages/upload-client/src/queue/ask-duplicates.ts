/** Asks which of the files that were added are there already, or were begun before. Nobody waits long for the answer. */
import { platform } from '#platform'
import { DUPLICATES_MAX_ITEMS, MIB, SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import type {
  DuplicateItem,
  DuplicateOffer,
  DuplicateOffers,
  FindDuplicates,
} from '@studio/contracts/pending-upload'
import { readPart } from '../read-part.ts'
import { fingerprintFields, type QueueFiles } from './queue-files.ts'
import type { UploadItem } from './upload-item.ts'

/** An upload that would run now waits this long at most; its hashing and one round trip take a fraction of it. */
const PATIENCE_MILLISECONDS = 1_000

/** Some 100 ms of hashing, so that the first files of many are not held up by the last. */
const HASHED_AT_ONCE_BYTES = 32 * MIB

export interface Answer {
  id: string
  offer: DuplicateOffer
  /** As many files were added together. */
  among: number
}

export interface AskDuplicatesOptions {
  files: QueueFiles
  find: (question: FindDuplicates) => Promise<DuplicateOffers>
  /** Hears the answers that have not come too late. */
  onAnswers: (answers: readonly Answer[]) => void
}

export interface DuplicateQuestions {
  /** About all that were added together, a number at a time. A question that fails is one without an answer. */
  ask(items: readonly UploadItem[]): void
  /** Resolves when the answer is here or has been waited for long enough; from then on it is not heard any more. */
  answered(id: string): Promise<void>
}

export function createDuplicateQuestions({
  files,
  find,
  onAnswers,
}: AskDuplicatesOptions): DuplicateQuestions {
  const open = new Map<string, Promise<void>>()

  async function askAbout(items: readonly UploadItem[], among: number): Promise<void> {
    const asked = await describeAll(items)
    const projectId = items[0]?.target.projectId
    const ids = asked.map(({ id }) => id)
    if (asked.length === 0 || projectId === undefined) return
    const { offers } = await find({ projectId, items: asked.map(({ item }) => item) } as FindDuplicates)
    const answers = ids.flatMap((id, index) => {
      const offer = offers[index]
      return offer !== undefined && open.has(id) ? [{ id, offer, among }] : []
    })
    for (const id of ids) open.delete(id)
    onAnswers(answers)
  }

  async function describeAll(items: readonly UploadItem[]) {
    const described: { id: string; item: DuplicateItem }[] = []
    // One after the other: more at once would only compete for the disk.
    for (const { id, ...item } of items) {
      const content = open.has(id) ? await contentOf(id, item.size) : undefined
      if (content === undefined) continue
      const { cardId, assetId } = item.target
      const place = { ...(cardId && { cardId }), ...(assetId && { assetId }) }
      described.push({
        id,
        item: { name: item.name, size: item.size, ...place, ...content } as DuplicateItem,
      })
    }
    return described
  }

  /** Small files are known by all their bytes. `undefined` for one that cannot be read: its upload will say so. */
  async function contentOf(id: string, size: number) {
    const source = files.get(id)?.source
    if (source === undefined) return undefined
    if (size > SINGLE_PUT_MAX_BYTES) {
      const fingerprint = await files.fingerprint(id)
      return fingerprint === null ? undefined : { fingerprint: fingerprintFields(fingerprint) }
    }
    const { signal } = new AbortController()
    const read = readPart(source, { digestBytes: platform.digestBytes, signal })
    return read.then(
      ({ sha256 }) => ({ sha256 }),
      () => undefined,
    )
  }

  return {
    ask(items) {
      // All empty files are alike, and nobody means that.
      const meant = items.filter(({ size }) => size > 0)
      let turn = Promise.resolve()
      for (const some of inChunks(meant)) {
        turn = turn.then(() => askAbout(some, items.length)).catch(() => undefined)
        const answer = turn
        for (const { id } of some) open.set(id, answer)
      }
    },
    async answered(id) {
      const answer = open.get(id)
      if (answer === undefined) return
      await atMost(PATIENCE_MILLISECONDS, answer)
      open.delete(id)
    },
  }
}

function inChunks(items: readonly UploadItem[]): UploadItem[][] {
  const chunks: UploadItem[][] = []
  let bytes = Infinity
  for (const item of items) {
    const hashed = item.size > SINGLE_PUT_MAX_BYTES ? 0 : item.size
    const chunk = chunks.at(-1)
    if (
      chunk === undefined ||
      chunk.length === DUPLICATES_MAX_ITEMS ||
      bytes + hashed > HASHED_AT_ONCE_BYTES
    ) {
      chunks.push([item])
      bytes = hashed
    } else {
      chunk.push(item)
      bytes += hashed
    }
  }
  return chunks
}

async function atMost(milliseconds: number, wait: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([wait, limit])
  clearTimeout(timer)
}
