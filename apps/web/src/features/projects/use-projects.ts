/** The projects that the signed-in person is in. */
import type { Project, ProjectId } from '@studio/contracts/project'
import { useMemo } from 'react'
import { coalesce } from '../../coalesce.ts'
import { useRealtimeTopic } from '../../realtime.ts'
import { trpc } from '../../trpc.ts'

/** All of them, by name; follows what others change. */
export function useProjects() {
  const utils = trpc.useUtils()
  const refresh = useMemo(() => coalesce(() => utils.projects.list.invalidate()), [utils])
  useRealtimeTopic({ collection: 'projects' }, { onEvent: refresh, onLive: refresh })
  return trpc.projects.list.useQuery()
}

/** One of them. What the list already knows of it is shown at once. */
export function useProject(projectId: ProjectId) {
  const utils = trpc.useUtils()
  return trpc.projects.get.useQuery(
    { projectId },
    { placeholderData: () => utils.projects.list.getData()?.find(({ id }) => id === projectId) },
  )
}

/** The owner counts as a member, whether listed as one or not. */
export function countMembers({ ownerId, memberIds }: Project): number {
  return new Set([ownerId, ...memberIds]).size
}
