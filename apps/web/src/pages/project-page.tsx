/** One project: its board, and the file that is looked at. */
import { projectIdSchema, type ProjectId } from '@studio/contracts/project'
import { getRouteApi } from '@tanstack/react-router'
import { describeError } from '../describe-error.ts'
import { useCards } from '../features/cards/use-cards.ts'
import { useProjectFiles } from '../features/files/use-project-files.ts'
import { useProjectRealtime } from '../features/projects/use-project-realtime.ts'
import { useProject } from '../features/projects/use-projects.ts'
import { useSettleUploads } from '../features/uploads/use-settle-uploads.ts'
import { ErrorMessage } from '../ui/state-message.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { NotFound } from './not-found-page.tsx'
import { ProjectBoard } from './project-board.tsx'
import { ProjectSkeleton } from './project-header.tsx'

const route = getRouteApi('/app/projects/$projectId')

export function ProjectPage() {
  const id = projectIdSchema.safeParse(route.useParams().projectId)
  return id.success ? <OpenProject key={id.data} projectId={id.data} /> : <NoSuchProject />
}

function NoSuchProject() {
  return <NotFound title="No such project">This project does not exist, or you are not in it.</NotFound>
}

function OpenProject({ projectId }: { projectId: ProjectId }) {
  const project = useProject(projectId)
  const { cards, ...cardsQuery } = useCards(projectId)
  const { files, ...filesQuery } = useProjectFiles(projectId)
  useProjectRealtime(projectId)
  useSettleUploads(files)
  useDocumentTitle(project.data?.name)

  const error = project.error && describeError(project.error)
  if (error?.code === 'PROJECT_NOT_FOUND') return <NoSuchProject />
  const failed = [project, cardsQuery, filesQuery].filter(
    (query) => query.isError && query.data === undefined,
  )
  const failure = failed[0]?.error
  if (failure) {
    return (
      <div className="grid grow place-items-center">
        <ErrorMessage
          title="This project could not be loaded"
          error={describeError(failure)}
          onRetry={() => failed.forEach((query) => void query.refetch())}
          retrying={failed.some((query) => query.isFetching)}
        />
      </div>
    )
  }
  if (project.data === undefined || cards === undefined) return <ProjectSkeleton />
  return <ProjectBoard project={project.data} cards={cards} files={files} />
}
