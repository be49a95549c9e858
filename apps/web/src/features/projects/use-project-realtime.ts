/** Keeps an open project true while others work in it. */
import type { ProjectId } from '@studio/contracts/project'
import { useMemo } from 'react'
import { coalesce } from '../../coalesce.ts'
import { useRealtimeTopic } from '../../realtime.ts'
import { trpc } from '../../trpc.ts'

/** Subscribes to the project, its cards and its files, and has what changed read again. */
export function useProjectRealtime(projectId: ProjectId): void {
  const utils = trpc.useUtils()
  const refresh = useMemo(
    () => ({
      project: coalesce(() => utils.projects.get.invalidate({ projectId })),
      cards: coalesce(() => utils.cards.list.invalidate({ projectId })),
      files: coalesce(() => utils.files.list.invalidate({ projectId })),
    }),
    [utils, projectId],
  )
  const filter = `project="${projectId}"`
  useRealtimeTopic(
    { collection: 'projects', filter: `id="${projectId}"` },
    { onEvent: refresh.project, onLive: refresh.project },
  )
  useRealtimeTopic({ collection: 'cards', filter }, { onEvent: refresh.cards, onLive: refresh.cards })
  useRealtimeTopic({ collection: 'files', filter }, { onEvent: refresh.files, onLive: refresh.files })
}
