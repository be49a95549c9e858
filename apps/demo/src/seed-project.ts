/** Makes one demo project with its cards, assets and files, each as the person it belongs to. */
import { generateNKeysBetween } from 'fractional-indexing'
import { ClientResponseError } from 'pocketbase'
import type PocketBase from 'pocketbase'
import { createUploadClient } from '@studio/upload-client/upload-client'
import { uploadApiFromTrpc } from '@studio/upload-client/upload-api'
import { createBffClient } from './bff-client.ts'
import { mimeTypeOf } from './mime-type.ts'
import type { SeedCard, SeedFile, SeedProject } from './seed-content.ts'
import { stableId } from './stable-id.ts'

export interface SeedProjectOptions {
  bffUrl: string
  inlineMaxBytes: number
  /** The owner's client, signed in. */
  owner: PocketBase
  /** User ids by address. */
  idOf: (email: string) => string
}

/** The id that a demo project always has. */
export function seedProjectId(project: SeedProject): string {
  return stableId('project', project.name)
}

/** What is there already is left as it is; ids and idempotency keys are the same on each run. */
export async function seedProject(project: SeedProject, options: SeedProjectOptions): Promise<void> {
  const { owner, idOf } = options
  const projectId = seedProjectId(project)
  await createIfAbsent(owner, 'projects', {
    id: projectId,
    name: project.name,
    owner: idOf(project.owner),
    members: project.members.map(idOf),
  })
  const orders = generateNKeysBetween(null, null, project.cards.length)
  for (const [index, card] of project.cards.entries()) {
    const cardId = stableId('card', project.name, card.title)
    await createIfAbsent(owner, 'cards', {
      id: cardId,
      project: projectId,
      title: card.title,
      order: orders[index],
    })
    for (const file of card.files) await seedFile(file, { ...options, project, card, cardId })
  }
}

interface SeedFileOptions extends SeedProjectOptions {
  project: SeedProject
  card: SeedCard
  cardId: string
}

async function seedFile(file: SeedFile, options: SeedFileOptions): Promise<void> {
  const { owner, project, card, cardId, bffUrl, inlineMaxBytes } = options
  const projectId = seedProjectId(project)
  const assetId = file.asset && stableId('asset', project.name, file.asset.name)
  if (file.asset !== undefined) {
    await createIfAbsent(owner, 'assets', {
      ...file.asset,
      id: assetId,
      project: projectId,
      card: cardId,
    })
  }
  const mimeType = mimeTypeOf(file.name)
  const bff = createBffClient(bffUrl, owner.authStore.token)
  await createUploadClient({ files: uploadApiFromTrpc(bff), inlineMaxBytes }).upload({
    source: new Blob([await file.make()], { type: mimeType }),
    name: file.name,
    mimeType,
    target: { projectId, cardId, ...(assetId === undefined ? {} : { assetId }) },
    idempotencyKey: `demo-${stableId('file', project.name, card.title, file.name)}`,
  })
}

interface NewRecord {
  id: string | undefined
  [field: string]: unknown
}

async function createIfAbsent(client: PocketBase, collection: string, record: NewRecord): Promise<void> {
  const { id = '' } = record
  if (await exists(client, collection, id)) return
  await client.collection(collection).create({ ...record })
}

/** Is there such a record, as far as this person may see? */
export async function exists(client: PocketBase, collection: string, id: string): Promise<boolean> {
  try {
    await client.collection(collection).getOne(id, { fields: 'id' })
    return true
  } catch (thrown) {
    if (thrown instanceof ClientResponseError && thrown.status === 404) return false
    throw thrown
  }
}
