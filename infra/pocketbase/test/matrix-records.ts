/** For each collection of the matrix: a record to act on, and the bodies to create and change one with. */

import type { RecordModel } from 'pocketbase'
import { createPerson, createProject, fileFields, newId, PASSWORD, type Scene } from './scene.ts'

export interface CollectionSample {
  /** Makes a record that belongs to the scene's project. */
  arrange(scene: Scene): Promise<RecordModel>
  /** The body of a create request that this person would send in good faith. */
  body(scene: Scene, personId: string): Record<string, unknown>
  readonly change: Readonly<Record<string, unknown>>
}

const credentials = () => ({
  email: `${newId()}@studio.test`,
  password: PASSWORD,
  passwordConfirm: PASSWORD,
})

export const SAMPLES: Readonly<Record<string, CollectionSample>> = {
  users: {
    arrange: (scene) => scene.superuser.collection('users').getOne(scene.member.id),
    body: credentials,
    change: { name: 'Another name' },
  },
  services: {
    arrange: (scene) => scene.superuser.collection('services').create(credentials()),
    body: credentials,
    change: { verified: true },
  },
  projects: {
    arrange: async (scene) =>
      scene.superuser
        .collection('projects')
        .getOne(await createProject(scene.owner, { members: [scene.member.id] })),
    body: (_, personId) => ({ name: 'New', owner: personId }),
    change: { name: 'Renamed' },
  },
  cards: {
    arrange: (scene) =>
      scene.superuser.collection('cards').create({ project: scene.project, title: 'Card', order: 'a0' }),
    body: (scene) => ({ project: scene.project, title: 'New', order: 'a1' }),
    change: { title: 'Changed' },
  },
  assets: {
    arrange: (scene) =>
      scene.superuser.collection('assets').create({ project: scene.project, name: 'Asset', kind: 'image' }),
    body: (scene) => ({ project: scene.project, name: 'New', kind: 'video' }),
    change: { name: 'Changed' },
  },
  generations: {
    arrange: (scene) =>
      scene.superuser.collection('generations').create({ project: scene.project, status: 'queued' }),
    body: (scene) => ({ project: scene.project, status: 'queued' }),
    change: { status: 'running' },
  },
  files: {
    arrange: (scene) => scene.service.collection('files').create(fileFields(scene.project)),
    body: (scene) => fileFields(scene.project),
    change: { name: 'changed.png' },
  },
  view_asset_files: {
    arrange: async (scene) => {
      const asset = await scene.superuser
        .collection('assets')
        .create({ project: scene.project, name: 'Asset', kind: 'image' })
      const file = await scene.service
        .collection('files')
        .create(fileFields(scene.project, { asset: asset.id }))
      return scene.superuser.collection('view_asset_files').getOne(file.id)
    },
    body: (scene) => fileFields(scene.project),
    change: { name: 'changed.png' },
  },
}

/** The record for a delete: never one that the rest of the scene needs. */
export async function arrangeForDelete(collection: string, scene: Scene): Promise<RecordModel> {
  if (collection !== 'users') return sampleOf(collection).arrange(scene)
  const person = await createPerson(scene.superuser, 'Leaving')
  return scene.superuser.collection('users').getOne(person.id)
}

/** The sample of a collection; a collection without one is a fault of the matrix. */
export function sampleOf(collection: string): CollectionSample {
  const sample = SAMPLES[collection]
  if (!sample) throw new Error(`No sample record for the collection "${collection}"`)
  return sample
}
