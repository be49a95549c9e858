/** Port: how much room projects take up in the registry, and how much they may. */
import type { ProjectId } from '@studio/contracts/project'
import type { ProjectStorage } from '@studio/contracts/pending-upload'

export interface ProjectUsage extends ProjectStorage {
  projectId: ProjectId
}

/** A counter that is not the sum of its project's files. */
export interface CounterDrift {
  projectId: ProjectId
  countedBytes: number
  actualBytes: number
}

/** Every method rejects with `REGISTRY_UNAVAILABLE` when the database does not answer, and may be repeated. */
export interface ProjectSpace {
  /** A project that nobody has uploaded into takes up nothing. */
  find(projectId: ProjectId): Promise<ProjectStorage>
  /** `none`: no limit, whatever the deployment's is. `default`: the deployment's. What is stored already stays. */
  setQuota(projectId: ProjectId, quota: number | 'none' | 'default'): Promise<void>
  /** Those that take up most first. */
  listLargest(limit: number): Promise<ProjectUsage[]>
  /** The projects behind `after` in the order of ids, at most `limit` of them, each with whether its counter is right. */
  check(page: { after: string; limit: number }): Promise<CounterDrift[]>
  /** Sets the counter to the sum, under a lock that keeps every upload of the project waiting. */
  mend(projectId: ProjectId): Promise<void>
}
