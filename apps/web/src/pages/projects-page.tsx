/** All projects of the signed-in person. */
import { FolderOpen } from 'lucide-react'
import { describeError } from '../describe-error.ts'
import { ProjectGrid, ProjectGridSkeleton } from '../features/projects/project-grid.tsx'
import { useProjects } from '../features/projects/use-projects.ts'
import { ErrorMessage, StateMessage } from '../ui/state-message.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'

export function ProjectsPage() {
  useDocumentTitle('Projects')
  return (
    <div className="scrollbar-quiet grow overflow-y-auto">
      <div className="mx-auto w-full max-w-6xl px-4 py-8 sm:px-6 sm:py-10">
        <h1 className="mb-6 text-2xl font-semibold tracking-tight">Projects</h1>
        <ProjectsContent />
      </div>
    </div>
  )
}

function ProjectsContent() {
  const { data, error, isFetching, refetch } = useProjects()
  if (data === undefined) {
    if (error === null) return <ProjectGridSkeleton />
    return (
      <ErrorMessage
        title="Your projects could not be loaded"
        error={describeError(error)}
        onRetry={() => void refetch()}
        retrying={isFetching}
      />
    )
  }
  if (data.length === 0) {
    return (
      <StateMessage icon={FolderOpen} title="No projects yet">
        You are not in any project. As soon as somebody adds you to one, it appears here.
      </StateMessage>
    )
  }
  return <ProjectGrid projects={data} />
}
