/** The files of a project and where each is shown. */
import type { CardId } from '@studio/contracts/card'
import type { File, FileId } from '@studio/contracts/file'
import type { ProjectId } from '@studio/contracts/project'
import { useMemo } from 'react'
import { trpc } from '../../trpc.ts'
import { previewOf } from './describe-type.ts'

/** Oldest first, without those that only stand for another file. */
export function useProjectFiles(projectId: ProjectId) {
  const query = trpc.files.list.useQuery({ projectId })
  const files = useMemo(() => query.data?.filter(isShown), [query.data])
  return { ...query, files }
}

function isShown({ usage }: File): boolean {
  return usage !== 'thumbnail' && usage !== 'preview' && usage !== 'avatar'
}

/** The files of each card; under `null` those that are on no card. */
export type FilesByCard = ReadonlyMap<CardId | null, readonly File[]>

/** A card that somebody has just deleted leaves its files on no card. */
export function groupByCard(files: readonly File[], cardIds: ReadonlySet<CardId>): FilesByCard {
  const groups = new Map<CardId | null, File[]>()
  for (const file of files) {
    const key = file.cardId !== null && cardIds.has(file.cardId) ? file.cardId : null
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [file])
    else group.push(file)
  }
  return groups
}

/** The file whose picture stands for this one in a grid: its thumbnail, or itself. */
export function pictureOf(file: File): FileId | null {
  return file.thumbnailId ?? (previewOf(file.mimeType) === 'image' ? file.id : null)
}
