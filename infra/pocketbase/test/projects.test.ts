/** Projects: who owns them, who belongs to them, and what keeps them from being deleted. */

import { beforeAll, expect, test } from 'vitest'
import { errorOf, outcomeOf } from './outcome.ts'
import { createProject, createScene, fileFields, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await createScene()
})

test('nobody creates a project for somebody else', async () => {
  const projects = scene.member.client.collection('projects')
  expect(await outcomeOf(projects.create({ name: 'For Olga', owner: scene.owner.id }))).toBe('refused')
  expect(await outcomeOf(projects.create({ name: 'For nobody' }))).toBe('refused')
})

test('only the owner changes members and gives the project away', async () => {
  const project = await createProject(scene.owner, { members: [scene.member.id] })
  const asMember = scene.member.client.collection('projects')
  const asOwner = scene.owner.client.collection('projects')
  expect(await outcomeOf(asMember.update(project, { owner: scene.member.id }))).toBe('hidden')
  expect(await outcomeOf(asMember.update(project, { 'members+': scene.stranger.id }))).toBe('hidden')

  await asOwner.update(project, { owner: scene.member.id, members: [] })
  expect(await asMember.getOne(project)).toMatchObject({ owner: scene.member.id, members: [] })
  expect(await outcomeOf(asOwner.getOne(project))).toBe('hidden')
})

test('a member who leaves sees nothing of it any more', async () => {
  const project = await createProject(scene.owner, { members: [scene.member.id] })
  const card = await scene.member.client.collection('cards').create({ project, order: 'a0' })
  await scene.owner.client.collection('projects').update(project, { members: [] })
  expect(await outcomeOf(scene.member.client.collection('projects').getOne(project))).toBe('hidden')
  expect(await outcomeOf(scene.member.client.collection('cards').getOne(card.id))).toBe('hidden')
  expect(await outcomeOf(scene.member.client.collection('cards').update(card.id, { title: 'x' }))).toBe(
    'hidden',
  )
})

test('a project that has files cannot be deleted, and loses nothing by the attempt', async () => {
  const project = await createProject(scene.owner)
  const card = await scene.owner.client.collection('cards').create({ project, order: 'a0' })
  const file = await scene.service.collection('files').create(fileFields(project, { card: card.id }))
  const projects = scene.owner.client.collection('projects')

  const error = await errorOf(projects.delete(project))
  expect(error?.status).toBe(400)
  expect(await scene.owner.client.collection('cards').getOne(card.id)).toEqual(card)
  expect(await scene.owner.client.collection('files').getOne(file.id)).toEqual(file)

  await scene.service.collection('files').delete(file.id)
  expect(await outcomeOf(projects.delete(project))).toBe('yes')
  expect(await outcomeOf(scene.superuser.collection('cards').getOne(card.id))).toBe('hidden')
})

test('cards come in the bytewise order of their fractional index, and by id where that is the same', async () => {
  const project = await createProject(scene.owner)
  const cards = scene.owner.client.collection('cards')
  const orders = ['a0', 'Zz', 'aV', 'a0V', 'b00', 'A0', 'a0']
  for (const order of orders) await cards.create({ project, order })
  const listed = await cards.getFullList({ filter: `project = "${project}"`, sort: 'order,id' })
  const expected = listed.toSorted((a, b) =>
    Buffer.compare(Buffer.from(`${a['order']}\0${a.id}`), Buffer.from(`${b['order']}\0${b.id}`)),
  )
  expect(listed).toEqual(expected)
  expect(listed.map((card) => card['order'])).toEqual(['A0', 'Zz', 'a0', 'a0', 'a0V', 'aV', 'b00'])
})

test('a card needs an order that is a fractional index', async () => {
  const cards = scene.owner.client.collection('cards')
  const withOrder = (order: unknown) => outcomeOf(cards.create({ project: scene.project, order }))
  for (const order of ['', 'a-0', 'ä0', 'a0\n', 'a 0', 'a'.repeat(201)]) {
    expect(await withOrder(order), JSON.stringify(order)).toBe('refused')
  }
  expect(await withOrder('z'.repeat(200))).toBe('yes')
})

test('people queue generations, and say nothing else about how far they are', async () => {
  const generations = scene.member.client.collection('generations')
  const withStatus = (status: unknown) => outcomeOf(generations.create({ project: scene.project, status }))
  for (const status of ['running', 'succeeded', 'failed', '', 'unheard of', ['["queued","running"]']]) {
    expect(await withStatus(status), JSON.stringify(status)).toBe('refused')
  }
  expect(await withStatus('queued')).toBe('yes')
})
