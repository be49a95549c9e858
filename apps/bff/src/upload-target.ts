/** May this person put a file there? Asked of PocketBase as the person, and remembered for moments. */
import { z } from 'zod'
import { projectIdSchema, type ProjectId } from '@studio/contracts/project'
import { StudioError } from '@studio/contracts/studio-error'
import type { BeginUpload } from '@studio/contracts/upload'
import { createDecisionCache, type DecisionCache } from './decision-cache.ts'
import type { AbsenceCode, Records } from './records.ts'

/** Where a file is to go: what of a begin request names records. */
export type UploadTarget = Pick<BeginUpload, 'projectId' | 'cardId' | 'assetId' | 'generationId'>

/** What a file can be put into, and the error when it cannot. */
const ABSENCE = {
  projects: 'PROJECT_NOT_FOUND',
  cards: 'CARD_NOT_FOUND',
  assets: 'ASSET_NOT_FOUND',
  generations: 'GENERATION_NOT_FOUND',
} as const satisfies Record<string, AbsenceCode>

export type Place = keyof typeof ABSENCE

/** A person's decisions: the project that a record they may see belongs to. A record never changes its project. */
export interface UploadTargets {
  /** Rejects with the code of the first place that the person may not see or that is in another project. */
  require(target: UploadTarget): Promise<void>
  /** Takes note of what PocketBase has just shown this person: who has it on the screen can upload to it without PocketBase. */
  saw(place: Place, seen: readonly { id: string; projectId: ProjectId }[]): void
}

/** Large enough for everything on a few hundred open screens: an entry is some two hundred bytes. */
const MAX_DECISIONS = 50_000

/** Decisions of all sessions, each under its session's key. */
export type TargetDecisions = DecisionCache<ProjectId>

/** An empty memory for all sessions. */
export function createTargetDecisions(now: () => number): TargetDecisions {
  return createDecisionCache<ProjectId>({ now, maxEntries: MAX_DECISIONS })
}

export interface UploadTargetsOptions {
  decisions: TargetDecisions
  /** Tells this session's decisions from others'. */
  sessionKey: string
  records: Records
}

/** The upload targets of one session. */
export function createUploadTargets({ decisions, sessionKey, records }: UploadTargetsOptions): UploadTargets {
  const keyOf = (place: Place, id: string) => `${sessionKey} ${place} ${id}`

  function projectOf(place: Place, id: string): Promise<ProjectId> {
    const schema = place === 'projects' ? ownIdSchema : projectSchemaOfChild
    // Without the request's signal: others may be waiting for the same answer.
    return decisions.get(keyOf(place, id), () =>
      records.one({ collection: place, id, absence: ABSENCE[place], schema, fields: 'id,project' }),
    )
  }

  async function requirePlace(place: Place, id: string, projectId: ProjectId): Promise<void> {
    if ((await projectOf(place, id)) !== projectId) throw new StudioError(ABSENCE[place])
  }

  return {
    async require({ projectId, cardId, assetId, generationId }) {
      const places: [Place, string | undefined][] = [
        ['projects', projectId],
        ['cards', cardId],
        ['assets', assetId],
        ['generations', generationId],
      ]
      const outcomes = await Promise.allSettled(
        places.map(([place, id]) => (id === undefined ? undefined : requirePlace(place, id, projectId))),
      )
      // In this order and not the first to arrive, so that the same request gets the same error.
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    },
    saw(place, seen) {
      for (const { id, projectId } of seen) decisions.remember(keyOf(place, id), projectId)
    },
  }
}

const ownIdSchema = z.object({ id: projectIdSchema }).transform(({ id }) => id)
const projectSchemaOfChild = z.object({ project: projectIdSchema }).transform(({ project }) => project)
