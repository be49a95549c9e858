/** Realtime: events reach those who may view the record, and nobody else. */

import { EventSource } from 'eventsource'
import type PocketBase from 'pocketbase'
import type { RecordSubscription } from 'pocketbase'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { waitUntil } from '@studio/dev/wait-until'
import {
  createClient,
  createPerson,
  createProject,
  createScene,
  fileFields,
  newId,
  type Person,
  type Scene,
} from './scene.ts'

const DEADLINE_MS = 5_000

let scene: Scene
const listening: PocketBase[] = []

beforeAll(async () => {
  // Node 20 has none of its own, and the SDK looks for it there.
  globalThis.EventSource = EventSource as unknown as typeof globalThis.EventSource
  scene = await createScene()
})

afterEach(async () => {
  await Promise.all(listening.splice(0).map((client) => client.realtime.unsubscribe()))
})

interface Listener {
  /** `<action> <record id>` of everything heard, in no order that means anything. */
  readonly heard: string[]
  /** Resolves when the listener has heard of three records in turn that were written just for that. */
  settle(): Promise<void>
}

/**
 * Listens as somebody, on a connection of its own. PocketBase decides who hears of a record while it is written, and
 * sends right after, without keeping the order of two events (apis/realtime.go). So what a listener has not heard by
 * the time it hears of records that were written one after the other later on, it was not sent.
 */
async function listen(
  client: PocketBase,
  marker: { client: PocketBase; project: string },
): Promise<Listener> {
  const own = createClient(scene.url)
  own.authStore.save(client.authStore.token, client.authStore.record)
  listening.push(own)
  const heard: string[] = []
  const marks = new Set<string>()
  const note = ({ action, record }: RecordSubscription) => {
    if (String(record['title']).startsWith('mark ')) marks.add(record.id)
    else heard.push(`${action} ${record.id}`)
  }
  for (const collection of ['files', 'cards', 'assets', 'generations', 'projects']) {
    await own.collection(collection).subscribe('*', note)
  }
  return {
    heard,
    settle: async () => {
      for (let mark = 1; mark <= 3; mark += 1) {
        const card = await marker.client
          .collection('cards')
          .create({ project: marker.project, order: 'a0', title: `mark ${newId()}` })
        await waitUntil(() => marks.has(card.id), { what: 'the marking event', deadlineMs: DEADLINE_MS })
      }
    },
  }
}

const listenAs = async (person: Person) =>
  listen(person.client, { client: person.client, project: await createProject(person) })

async function writeOneOfEach(project: string): Promise<string[]> {
  const { superuser, service } = scene
  const card = await superuser.collection('cards').create({ project, order: 'a0', title: 'Card' })
  const asset = await superuser.collection('assets').create({ project, name: 'Asset', kind: 'image' })
  const generation = await superuser.collection('generations').create({ project, status: 'queued' })
  const file = await service.collection('files').create(fileFields(project))
  await service.collection('files').update(file.id, { width: 1 })
  await service.collection('files').delete(file.id)
  return [
    `create ${card.id}`,
    `create ${asset.id}`,
    `create ${generation.id}`,
    `create ${file.id}`,
    `update ${file.id}`,
    `delete ${file.id}`,
  ]
}

/** Expects that the listener hears exactly this of what has happened so far. */
async function expectHeard(listener: Listener, events: readonly string[]): Promise<void> {
  await listener.settle()
  expect(listener.heard.toSorted()).toEqual(events.toSorted())
}

test('owner and member hear everything, a stranger hears nothing', async () => {
  const [owner, member, stranger] = [
    await listenAs(scene.owner),
    await listenAs(scene.member),
    await listenAs(scene.stranger),
  ]
  const written = await writeOneOfEach(scene.project)
  await expectHeard(owner, written)
  await expectHeard(member, written)
  await expectHeard(stranger, [])
})

test('a guest hears nothing', async () => {
  const project = await createProject(scene.stranger)
  const guest = await listen(scene.guest, { client: scene.stranger.client, project })
  await writeOneOfEach(scene.project)
  // A guest cannot hear of any mark, but a guest's connection may become somebody's: what was sent before comes first.
  await signInOn(listening.at(-1), scene.stranger)
  await expectHeard(guest, [])
})

async function signInOn(connection: PocketBase | undefined, person: Person): Promise<void> {
  connection?.authStore.save(person.client.authStore.token, person.client.authStore.record)
  // The SDK tells the server who it is with the next new topic.
  await connection?.collection('users').subscribe(person.id, () => {})
}

test('who is removed from a project stops hearing of it at once', async () => {
  const project = await createProject(scene.owner, { members: [scene.member.id] })
  const member = await listenAs(scene.member)
  const before = await scene.service.collection('files').create(fileFields(project))
  await expectHeard(member, [`create ${before.id}`])

  await scene.owner.client.collection('projects').update(project, { members: [] })
  await writeOneOfEach(project)
  await scene.service.collection('files').delete(before.id)
  await expectHeard(member, [`create ${before.id}`])
})

test('who is added to a project hears of it from then on, without subscribing anew', async () => {
  const person = await createPerson(scene.superuser, 'Newcomer')
  const newcomer = await listenAs(person)
  const project = await createProject(scene.owner)
  await writeOneOfEach(project)
  await scene.owner.client.collection('projects').update(project, { members: [person.id] })
  const written = await writeOneOfEach(project)
  await expectHeard(newcomer, [`update ${project}`, ...written])
})

test('a file whose card is deleted is told as an update of the file', async () => {
  const card = await scene.superuser.collection('cards').create({ project: scene.project, order: 'a0' })
  const file = await scene.service.collection('files').create(fileFields(scene.project, { card: card.id }))
  const member = await listenAs(scene.member)
  await scene.owner.client.collection('cards').delete(card.id)
  await expectHeard(member, [`delete ${card.id}`, `update ${file.id}`])
})
