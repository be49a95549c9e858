/** Keeps an open project true while others work in it. */
import { cardRecordSchema, compareCards, type Card } from '@studio/contracts/card'
import { fileRecordSchema, type File } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import { useMemo } from 'react'
import { debounce } from '../../debounce.ts'
import { useRealtimeTopic, type RealtimeEvent } from '../../realtime.ts'
import { applyRecordEvent, type ListRules } from '../../record-events.ts'
import { trpc } from '../../trpc.ts'

/** After news has been shown, the list is read again once no more news comes: what counts is what the server says. */
const READ_AGAIN_MS = 600

const CARDS: ListRules<Card> = { schema: cardRecordSchema, compare: compareCards }
const FILES: ListRules<File> = { schema: fileRecordSchema, compare: compareFiles }

/** Oldest first, as the BFF lists them. */
function compareFiles(a: File, b: File): number {
  if (a.created !== b.created) return a.created < b.created ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** What of a list's tools is needed to keep it true. */
interface ListUtils<Item> {
  setData: (
    input: { projectId: ProjectId },
    change: (items: Item[] | undefined) => Item[] | undefined,
  ) => unknown
  cancel: (input: { projectId: ProjectId }) => Promise<void>
  invalidate: (input: { projectId: ProjectId }) => Promise<void>
}

function followList<Item extends { id: string }>(
  list: ListUtils<Item>,
  key: { projectId: ProjectId },
  rules: ListRules<Item>,
) {
  const readAgain = debounce(() => void list.invalidate(key), READ_AGAIN_MS)
  return {
    onEvent: async (event: RealtimeEvent) => {
      readAgain()
      // An answer that is on its way may be older than this news.
      await list.cancel(key)
      list.setData(key, (items) => items && applyRecordEvent(items, event, rules))
    },
    onLive: () => list.invalidate(key),
  }
}

/** Subscribes to the project, its cards and its files, shows what changes, and has it read again. */
export function useProjectRealtime(projectId: ProjectId): void {
  const utils = trpc.useUtils()
  const follow = useMemo(() => {
    const key = { projectId }
    const refreshProject = () => void utils.projects.get.invalidate(key)
    return {
      project: { onEvent: refreshProject, onLive: refreshProject },
      cards: followList(utils.cards.list, key, CARDS),
      files: followList(utils.files.list, key, FILES),
    }
  }, [utils, projectId])
  const filter = `project="${projectId}"`
  useRealtimeTopic({ collection: 'projects', filter: `id="${projectId}"` }, follow.project)
  useRealtimeTopic({ collection: 'cards', filter }, follow.cards)
  useRealtimeTopic({ collection: 'files', filter }, follow.files)
}
