/** Gives files that come in to the uploads that wait for them. */
import type { QueueFiles } from './queue-files.ts'
import type { QueueState } from './queue-state.ts'
import type { QueuedFile, QueuePlace } from './queued-file.ts'
import { recogniseFile, type Wanted } from './recognise-file.ts'
import type { UploadItem } from './upload-item.ts'

export interface HandOverOptions {
  state: QueueState
  files: QueueFiles
  /** It is the upload's file: it goes on. */
  give: (id: string, file: QueuedFile) => void
  /** It is what the upload's file has become: it begins anew. */
  replace: (id: string, file: QueuedFile) => void
}

export interface FileHandover {
  /** Resolves to those that no upload of this place waits for. */
  toWaiting(place: QueuePlace, added: readonly QueuedFile[]): Promise<QueuedFile[]>
  /** To this upload, if it is its file; otherwise the upload says in words that it is not. */
  to(id: string, file: QueuedFile): Promise<boolean>
}

export function createFileHandover({ state, files, give, replace }: HandOverOptions): FileHandover {
  const isWaiting = (id: string) => state.find(id)?.phase === 'waiting'

  /** What has no key any more has nothing to go on with. */
  async function wanted(items: readonly UploadItem[]): Promise<Wanted[]> {
    const begun = items.filter(({ phase, idempotencyKey }) => phase === 'waiting' && idempotencyKey !== '')
    return Promise.all(begun.map(async (item) => ({ item, fingerprint: await files.fingerprint(item.id) })))
  }

  return {
    async toWaiting({ target }, added) {
      const isHere = (item: UploadItem) => isSameTarget(item.target, target)
      const begun = await wanted(state.items().filter(isHere))
      const others: QueuedFile[] = []
      for (const file of added) {
        const known = await recogniseFile(
          file,
          begun.filter(({ item }) => item.name === file.name),
        )
        const changed = state.items().find((item) => isHere(item) && isChanged(item, file))
        if (known !== undefined && isWaiting(known.item.id)) give(known.item.id, file)
        else if (changed !== undefined) replace(changed.id, file)
        else others.push(file)
      }
      return others
    },
    async to(id, file) {
      const item = state.find(id)
      if (item?.phase !== 'waiting') return false
      const isIts = (await recogniseFile(file, await wanted([item]))) !== undefined
      if (!isWaiting(id)) return false
      if (isIts) give(id, file)
      else if (item.need === 'changed') replace(id, file)
      else state.dispatch({ type: 'missed', id, need: 'file', error: otherFile(item, file) })
      return isIts || item.need === 'changed'
    },
  }
}

function isSameTarget(one: QueuePlace['target'], other: QueuePlace['target']): boolean {
  return one.projectId === other.projectId && one.cardId === other.cardId
}

/** Is this what a file has become whose upload waits for it? */
function isChanged({ need, name }: UploadItem, file: QueuedFile): boolean {
  return need === 'changed' && name === file.name
}

function otherFile({ name, size }: UploadItem, picked: QueuedFile): string {
  const difference = picked.source.size === size ? 'its content is another' : 'it has another size'
  return `“${picked.name}” is not the “${name}” that was begun: ${difference}.`
}
