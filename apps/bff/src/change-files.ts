/** Changes files for a person in the projects that they are in; all other files look as if there were none. */
import type { FileChange, FileFate, FileIds } from '@studio/contracts/file-life'
import type { ProjectId } from '@studio/contracts/project'
import { StudioError } from '@studio/contracts/studio-error'
import type { Caller } from './trpc.ts'

async function isMember({ targets }: Pick<Caller, 'targets'>, projectId: ProjectId): Promise<boolean> {
  try {
    await targets.require({ projectId })
    return true
  } catch (error) {
    if (error instanceof StudioError && error.code === 'PROJECT_NOT_FOUND') return false
    throw error
  }
}

export interface FileChanging extends FileIds {
  signal: AbortSignal | undefined
  /** The change, for those of the files that are in these projects. */
  change: (change: FileChange, signal: AbortSignal | undefined) => Promise<FileFate[]>
}

/**
 * The registry and not PocketBase says which project a file is in: of one in the trash there is no record. Whether the person
 * is in that project says PocketBase.
 */
export async function changeFiles(
  caller: Pick<Caller, 'targets' | 'files'>,
  { fileIds, signal, change }: FileChanging,
): Promise<{ items: FileFate[] }> {
  const places = await caller.files.places({ fileIds }, signal)
  const projects = [...new Set(places.map(({ projectId }) => projectId))]
  const memberships = await Promise.all(projects.map((projectId) => isMember(caller, projectId)))
  const projectIds = projects.filter((_, index) => memberships[index] === true)
  return { items: await change({ fileIds, projectIds }, signal) }
}
