/** The projects as a grid of doors. */
import type { Project } from '@studio/contracts/project'
import { Link } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import { countOf } from '../../ui/count-of.ts'
import { CoverArt } from '../../ui/cover-art.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { describeUpdated } from './describe-updated.ts'
import { countMembers } from './use-projects.ts'

const GRID = 'grid grid-cols-[repeat(auto-fill,minmax(min(100%,16.5rem),1fr))] gap-5'

function ProjectDoor({ project }: { project: Project }) {
  return (
    <Link
      to="/projects/$projectId"
      params={{ projectId: project.id }}
      className="group block overflow-hidden rounded-xl border border-line bg-surface shadow-raised transition-[box-shadow,border-color] duration-150 hover:border-line-strong/60 hover:shadow-lifted"
    >
      <CoverArt seed={project.id} className="aspect-[2/1] w-full" />
      <div className="px-4 pt-3 pb-3.5">
        <h2 className="truncate text-lg font-semibold tracking-tight" title={project.name}>
          {project.name}
        </h2>
        <p className="mt-0.5 flex items-center gap-1.5 text-sm text-ink-faint">
          <UsersRound aria-hidden className="size-3.5" />
          <span>{countOf(countMembers(project), 'member')}</span>
          <span aria-hidden>·</span>
          <span>Updated {describeUpdated(project.updated, new Date())}</span>
        </p>
      </div>
    </Link>
  )
}

export function ProjectGrid({ projects }: { projects: readonly Project[] }) {
  return (
    <ul aria-label="Projects" className={GRID}>
      {projects.map((project) => (
        <li key={project.id}>
          <ProjectDoor project={project} />
        </li>
      ))}
    </ul>
  )
}

/** The grid's place while it loads: the same measures, so that nothing moves when it comes. */
export function ProjectGridSkeleton() {
  return (
    <div role="status" aria-label="Loading projects" className={GRID}>
      {['a', 'b', 'c'].map((key) => (
        <div key={key} className="overflow-hidden rounded-xl border border-line bg-surface">
          <Skeleton className="aspect-[2/1] w-full rounded-none" />
          <div className="px-4 pt-3 pb-3.5">
            <Skeleton className="my-1 h-4 w-2/3" />
            <Skeleton className="mt-2 mb-0.5 h-3.5 w-1/2" />
          </div>
        </div>
      ))}
    </div>
  )
}
