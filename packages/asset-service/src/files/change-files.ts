/** Trash, restore and purge, as their callers ask for them: each answers what every file is afterwards. */
import type { Actor } from '@studio/contracts/actor'
import {
  TRASH_MAX_ITEMS,
  TRASH_RETENTION_DAYS,
  type FileChange,
  type FileFates,
  type FileIds,
  type FilePlaces,
  type ListTrash,
  type Trash,
} from '@studio/contracts/file-life'
import { deliverEntries } from '../metadata-outbox/deliver.ts'
import type { LifeChange, LifeRow, TrashedRow } from '../ports/file-life.ts'
import type { OutboxEntry } from '../ports/metadata-outbox.ts'
import type { Ports } from '../ports/ports.ts'
import { secondsFrom } from '../seconds-from.ts'
import { fatesOf, type Outcome } from './file-state.ts'

const DAY_SECONDS = 24 * 60 * 60

/** Rows in the projects that the caller may change; the others look as if there were none. */
async function standingsIn(ports: Ports, { fileIds, projectIds }: FileChange): Promise<LifeRow[]> {
  const allowed = new Set(projectIds)
  const rows = await ports.life.standings(fileIds)
  return rows.filter(({ projectId }) => allowed.has(projectId))
}

interface Changing {
  actor: Actor
  change: FileChange
  outcome: Pick<Outcome, 'wanted' | 'otherwise'>
  run: (change: LifeChange) => Promise<OutboxEntry[]>
}

/** What PocketBase does not take right away stays in the outbox: the answer is what the registry says. */
async function changeFiles(ports: Ports, { actor, change, outcome, run }: Changing): Promise<FileFates> {
  const { issuer, subject } = actor
  await deliverEntries(ports, await run({ ...change, actor: { issuer, subject } }))
  const rows = await standingsIn(ports, change)
  return { items: fatesOf({ fileIds: change.fileIds, rows, ...outcome }) }
}

/** `ready → trashed`. The record goes, and with it the file from every screen; restoring brings both back. */
export function trashFiles(ports: Ports, actor: Actor, change: FileChange): Promise<FileFates> {
  const now = ports.now()
  const purgeAt = secondsFrom(now, (ports.trashRetentionDays ?? TRASH_RETENTION_DAYS) * DAY_SECONDS)
  return changeFiles(ports, {
    actor,
    change,
    outcome: { wanted: 'trashed', otherwise: 'FILE_NOT_FOUND' },
    run: (asked) => ports.life.trash({ ...asked, now, purgeAt }),
  })
}

/** `trashed → ready`, as long as the day of its purge has not come. */
export function restoreFiles(ports: Ports, actor: Actor, change: FileChange): Promise<FileFates> {
  return changeFiles(ports, {
    actor,
    change,
    outcome: { wanted: 'ready', otherwise: 'FILE_NOT_FOUND' },
    run: (asked) => ports.life.restore({ ...asked, now: ports.now() }),
  })
}

/** `trashed → purged`, before its day: for ever. A file that is not in the trash stays, and says so. */
export function purgeFiles(ports: Ports, actor: Actor, change: FileChange): Promise<FileFates> {
  return changeFiles(ports, {
    actor,
    change,
    outcome: { wanted: 'purged', otherwise: 'FILE_NOT_TRASHED' },
    run: (asked) => ports.life.purge(asked),
  })
}

/** States in which a file can be changed, or was. */
const CHANGEABLE: ReadonlySet<LifeRow['state']> = new Set(['ready', 'trashed', 'purged'])

/** The projects of files, for the caller to ask whether the person may change files there. */
export async function findPlaces(ports: Ports, { fileIds }: FileIds): Promise<FilePlaces> {
  const rows = await ports.life.standings(fileIds)
  const places = rows.filter(({ state }) => CHANGEABLE.has(state))
  return { places: places.map(({ fileId, projectId }) => ({ fileId, projectId })) }
}

function toTrashedFile({ row, trashedAt, purgeAt }: TrashedRow): Trash['files'][number] {
  const { fileId, request, observed } = row
  return {
    fileId,
    projectId: request.projectId,
    cardId: request.cardId ?? null,
    name: request.name,
    mimeType: observed?.mimeType ?? request.mimeType,
    size: request.size,
    trashedAt: trashedAt.toISOString(),
    purgeAt: purgeAt.toISOString(),
  }
}

/** What is in a project's trash: at most the last thousand. */
export async function listTrash(ports: Ports, { projectId }: ListTrash): Promise<Trash> {
  const rows = await ports.life.listTrashed(projectId, TRASH_MAX_ITEMS)
  return { files: rows.map(toTrashedFile) }
}

/** For operators: what is in all trash, what is purged next first. */
export async function listPurges(ports: Ports, limit: number): Promise<Trash> {
  const rows = await ports.life.listPurges(limit)
  return { files: rows.map(toTrashedFile) }
}
