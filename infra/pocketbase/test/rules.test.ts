/** Every rule of every collection, tried by everybody: one test for each cell of the matrix. */

import type PocketBase from 'pocketbase'
import type { RecordModel } from 'pocketbase'
import { beforeAll, describe, expect, test } from 'vitest'
import { arrangeForDelete, sampleOf } from './matrix-records.ts'
import { errorOf, outcomeOf, type Outcome } from './outcome.ts'
import { ACTIONS, ACTORS, RULE_MATRIX, type Action, type Actor } from './rule-matrix.ts'
import { createScene, newId, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await createScene()
})

function clientOf(actor: Actor): PocketBase {
  const identity = scene[actor]
  return 'client' in identity ? identity.client : identity
}

async function listOutcome(client: PocketBase, collection: string, record: RecordModel): Promise<Outcome> {
  let found: Outcome = 'hidden'
  const outcome = await outcomeOf(
    // The newest first, so that other tests' records cannot push this one off the page.
    client
      .collection(collection)
      .getList(1, 500, { sort: '-created' })
      .then(({ items }) => {
        if (items.some(({ id }) => id === record.id)) found = 'yes'
      }),
  )
  return outcome === 'yes' ? found : outcome
}

/** The record as it is now, or undefined when it is gone. */
async function reread(collection: string, id: string): Promise<RecordModel | undefined> {
  const records = scene.superuser.collection(collection)
  const error = await errorOf(records.getOne(id))
  if (error) {
    expect(error.status).toBe(404)
    return undefined
  }
  return records.getOne(id)
}

async function tryRead(action: 'list' | 'view', actor: Actor, collection: string): Promise<Outcome> {
  const record = await sampleOf(collection).arrange(scene)
  const client = clientOf(actor)
  if (action === 'list') return listOutcome(client, collection, record)
  return outcomeOf(client.collection(collection).getOne(record.id))
}

async function tryCreate(actor: Actor, collection: string): Promise<Outcome> {
  const client = clientOf(actor)
  const personId =
    client.authStore.record?.collectionName === 'users' ? client.authStore.record.id : scene.owner.id
  const id = newId()
  const outcome = await outcomeOf(
    client.collection(collection).create({ ...sampleOf(collection).body(scene, personId), id }),
  )
  expect((await reread(collection, id)) !== undefined, 'whether the record exists').toBe(outcome === 'yes')
  return outcome
}

async function tryUpdate(actor: Actor, collection: string): Promise<Outcome> {
  const { arrange, change } = sampleOf(collection)
  const before = await arrange(scene)
  const outcome = await outcomeOf(clientOf(actor).collection(collection).update(before.id, change))
  const after = await reread(collection, before.id)
  if (outcome === 'yes') expect(after).toMatchObject(change)
  else expect(after).toEqual(before)
  return outcome
}

async function tryDelete(actor: Actor, collection: string): Promise<Outcome> {
  const record = await arrangeForDelete(collection, scene)
  const outcome = await outcomeOf(clientOf(actor).collection(collection).delete(record.id))
  expect((await reread(collection, record.id)) === undefined, 'whether the record is gone').toBe(
    outcome === 'yes',
  )
  return outcome
}

function tryAction(action: Action, actor: Actor, collection: string): Promise<Outcome> {
  if (action === 'create') return tryCreate(actor, collection)
  if (action === 'update') return tryUpdate(actor, collection)
  if (action === 'delete') return tryDelete(actor, collection)
  return tryRead(action, actor, collection)
}

const SENTENCES: Readonly<Record<Outcome, (actor: Actor, action: Action) => string>> = {
  yes: (actor, action) => `${actor} may ${action}`,
  hidden: (actor, action) => `${actor} finds nothing to ${action}`,
  refused: (actor, action) => `${actor} is refused to ${action}`,
  closed: (actor, action) => `${actor} finds it closed to ${action}`,
}

describe.each(Object.entries(RULE_MATRIX))('in %s', (collection, rows) => {
  for (const action of ACTIONS) {
    for (const actor of ACTORS) {
      const outcome = rows[action][actor]
      test(SENTENCES[outcome](actor, action), async () => {
        expect(await tryAction(action, actor, collection)).toBe(outcome)
      })
    }
  }
})
