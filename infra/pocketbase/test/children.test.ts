/** A child stays in its project, and points to nothing outside of it. */

import { beforeAll, describe, expect, test } from 'vitest'
import { sampleOf } from './matrix-records.ts'
import { fieldErrorsOf, outcomeOf } from './outcome.ts'
import { createProject, createScene, type Scene } from './scene.ts'

let scene: Scene
let ownSecondProject: string
let foreignCard: string
let foreignAsset: string

beforeAll(async () => {
  scene = await createScene()
  ownSecondProject = await createProject(scene.member)
  const project = scene.foreignProject
  foreignCard = (
    await scene.stranger.client.collection('cards').create({ project, title: 'Foreign', order: 'a0' })
  ).id
  foreignAsset = (
    await scene.stranger.client.collection('assets').create({ project, name: 'Foreign', kind: 'image' })
  ).id
})

/** PocketBase unwraps a list in a string in a list one layer at a time, and its rules see another layer than its storage. */
const wrapped = (...ids: string[]) => [JSON.stringify(ids)]

describe.each(['cards', 'assets'])('one of %s', (collection) => {
  const moves: [how: string, body: () => Record<string, unknown>][] = [
    ['to a project of strangers', () => ({ project: scene.foreignProject })],
    ['to another project of its own members', () => ({ project: ownSecondProject })],
    ['to no project', () => ({ project: '' })],
    ['by appending to the relation', () => ({ 'project+': scene.foreignProject })],
    ['by taking from the relation', () => ({ 'project-': scene.project })],
    ['by a list that begins with its own', () => ({ project: [scene.project, scene.foreignProject] })],
    ['by a wrapped list', () => ({ project: wrapped(scene.project, scene.foreignProject) })],
    [
      'by a twice wrapped list',
      () => ({ project: wrapped(...wrapped(scene.project, scene.foreignProject)) }),
    ],
  ]

  test.each(moves)('cannot be moved %s', async (_, body) => {
    const before = await sampleOf(collection).arrange(scene)
    const outcome = await outcomeOf(scene.member.client.collection(collection).update(before.id, body()))
    expect(outcome).toBe('hidden')
    expect(await scene.superuser.collection(collection).getOne(before.id)).toEqual(before)
  })

  test('may be saved with the project that it has', async () => {
    const { id } = await sampleOf(collection).arrange(scene)
    const change = { ...sampleOf(collection).change, project: scene.project }
    expect(await scene.member.client.collection(collection).update(id, change)).toMatchObject(change)
  })
})

describe.each(['cards', 'assets', 'generations'])('a new one of %s', (collection) => {
  const projects: [how: string, project: () => unknown][] = [
    ['in a project of strangers', () => scene.foreignProject],
    ['in a list that begins with an own project', () => [scene.project, scene.foreignProject]],
    ['in a wrapped list', () => wrapped(scene.project, scene.foreignProject)],
    ['in a twice wrapped list', () => wrapped(...wrapped(scene.project, scene.foreignProject))],
  ]

  test.each(projects)('cannot be put %s', async (_, project) => {
    const body = { ...sampleOf(collection).body(scene, scene.member.id), project: project() }
    expect(await outcomeOf(scene.member.client.collection(collection).create(body))).toBe('refused')
  })
})

test('a service cannot move a generation', async () => {
  const { id } = await sampleOf('generations').arrange(scene)
  const move = scene.service.collection('generations').update(id, { project: scene.foreignProject })
  expect(await outcomeOf(move)).toBe('hidden')
})

describe('a reference out of the project', () => {
  const references: [collection: string, field: string, id: () => string][] = [
    ['assets', 'card', () => foreignCard],
    ['generations', 'card', () => foreignCard],
    ['generations', 'asset', () => foreignAsset],
  ]

  test.each(references)('in %s, by %s, looks like one to nothing', async (collection, field, foreignId) => {
    const records = scene.member.client.collection(collection)
    const body = sampleOf(collection).body(scene, scene.member.id)
    const missing = { [field]: 'validation_missing_rel_records' }
    expect(await fieldErrorsOf(records.create({ ...body, [field]: 'nothing12345678' }))).toEqual(missing)
    expect(await fieldErrorsOf(records.create({ ...body, [field]: foreignId() }))).toEqual(missing)
    expect(await fieldErrorsOf(records.create({ ...body, [field]: wrapped(foreignId()) }))).toEqual(missing)
    const { id: ownId } = await sampleOf(`${field}s`).arrange(scene)
    const both = wrapped(ownId, foreignId())
    for (const list of [both, wrapped(...both)]) {
      expect(await fieldErrorsOf(records.create({ ...body, [field]: list }))).toEqual(missing)
    }
    expect(await records.create({ ...body, [field]: ownId })).toMatchObject({ [field]: ownId })
  })

  test('cannot be made later either, and other changes still can', async () => {
    const { id: card } = await sampleOf('cards').arrange(scene)
    const assets = scene.member.client.collection('assets')
    const { id } = await assets.create({ project: scene.project, card, name: 'On a card', kind: 'image' })
    expect(await fieldErrorsOf(assets.update(id, { card: foreignCard }))).toEqual({
      card: 'validation_missing_rel_records',
    })
    expect(await assets.update(id, { name: 'Renamed' })).toMatchObject({ card, name: 'Renamed' })
    expect(await assets.update(id, { card: '' })).toMatchObject({ card: '' })
  })
})
