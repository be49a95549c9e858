/** The head of a project's screen, and the screen's place while it loads. */
import type { Project } from '@studio/contracts/project'
import { Link } from '@tanstack/react-router'
import { ChevronLeft, Plus } from 'lucide-react'
import { countMembers } from '../features/projects/use-projects.ts'
import { Button } from '../ui/button.tsx'
import { countOf } from '../ui/count-of.ts'
import { Skeleton } from '../ui/skeleton.tsx'

const HEADER = 'flex shrink-0 items-center gap-3 px-4 pt-5 pb-4 sm:px-6'

export interface ProjectHeaderProps {
  project: Project
  cardCount: number
  fileCount: number | undefined
  onNewCard: () => void
}

export function ProjectHeader({ project, cardCount, fileCount, onNewCard }: ProjectHeaderProps) {
  const counts = [countOf(countMembers(project), 'member'), countOf(cardCount, 'card')]
  if (fileCount !== undefined) counts.push(countOf(fileCount, 'file'))
  return (
    <header className={HEADER}>
      <Link
        to="/"
        aria-label="Back to all projects"
        className="-ml-1.5 grid size-9 shrink-0 place-items-center rounded-md text-ink-faint transition-colors hover:bg-ink/6 hover:text-ink"
      >
        <ChevronLeft aria-hidden className="size-5" />
      </Link>
      <div className="min-w-0 grow">
        <h1 className="truncate text-xl font-semibold tracking-tight" title={project.name}>
          {project.name}
        </h1>
        <p className="truncate text-sm text-ink-faint">{counts.join(' · ')}</p>
      </div>
      <Button variant="primary" onClick={onNewCard}>
        <Plus aria-hidden className="-ml-0.5 size-4" />
        New card
      </Button>
    </header>
  )
}

export function ProjectSkeleton() {
  return (
    <div role="status" aria-label="Loading project" className="flex min-h-0 grow flex-col">
      <div className={HEADER}>
        <Skeleton className="size-9" />
        <div className="grow">
          <Skeleton className="h-5 w-56 max-w-full" />
          <Skeleton className="mt-2 h-3.5 w-40 max-w-full" />
        </div>
      </div>
      <div className="flex gap-4 overflow-hidden px-4 sm:px-6">
        {['a', 'b', 'c', 'd'].map((key) => (
          <div key={key} className="w-[min(20rem,calc(100vw-3.5rem))] shrink-0 rounded-xl bg-sunken p-3">
            <Skeleton className="mt-1 mb-3.5 h-4 w-32" />
            <Skeleton className="aspect-video w-full" />
            <div className="mt-3 grid grid-cols-2 gap-2.5">
              <Skeleton className="aspect-[4/3]" />
              <Skeleton className="aspect-[4/3]" />
            </div>
          </div>
        ))}
      </div>
    </div>
  )
}
