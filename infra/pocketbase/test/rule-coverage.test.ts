/** The matrix speaks of every collection, and no rule is public. */

import { afterEach, beforeAll, expect, test } from 'vitest'
import { coverageFaults } from './rule-coverage.ts'
import { createScene, newId, type Scene } from './scene.ts'

let scene: Scene
const added: string[] = []

beforeAll(async () => {
  scene = await createScene()
})

afterEach(async () => {
  await Promise.all(added.splice(0).map((name) => scene.superuser.collections.delete(name)))
})

async function addCollection(rules: Record<string, string | null>): Promise<string> {
  const name = `new_${newId()}`
  await scene.superuser.collections.create({ name, type: 'base', ...rules })
  added.push(name)
  return name
}

const faults = async () => coverageFaults(await scene.superuser.collections.getFullList())

test('every collection has its rows, and no rule is public', async () => {
  expect(await faults()).toEqual([])
})

test('a new collection is reported until it has rows', async () => {
  const name = await addCollection({})
  expect(await faults()).toEqual([`${name} has no rows in the matrix`])
})

test('a public rule is reported', async () => {
  const name = await addCollection({ listRule: '', viewRule: null })
  expect(await faults()).toContain(`${name} lets everybody list`)
})

test('nobody manages the accounts of others', async () => {
  const collections = await scene.superuser.collections.getFullList()
  const accounts = collections.filter(({ type }) => type === 'auth')
  expect(accounts.map(({ name }) => name).sort()).toEqual(['_superusers', 'services', 'users'])
  for (const account of accounts) expect(account, account.name).toMatchObject({ manageRule: null })
})
