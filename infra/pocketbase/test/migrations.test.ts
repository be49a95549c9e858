/** Migrations: numbered without gaps, and each leaves by its way down what it found on its way up. */

import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDirectory, removeTestDirectory } from '@studio/dev/testing/test-directory'
import { pocketBaseCommand, type PocketBaseCommand } from './pocketbase-command.ts'
import { RULE_MATRIX } from './rule-matrix.ts'

const MIGRATIONS = fileURLToPath(new URL('../pb_migrations', import.meta.url))

let directory: string
let files: string[]

beforeAll(async () => {
  directory = await createTestDirectory('migrations')
  files = (await readdir(MIGRATIONS)).sort()
})

afterAll(() => removeTestDirectory(directory))

async function commandIn(name: string, migrations = MIGRATIONS): Promise<PocketBaseCommand> {
  const own = path.join(directory, name)
  await mkdir(own)
  const pocketBase = await pocketBaseCommand(own, migrations)
  await pocketBase.migrate('up')
  return pocketBase
}

test('migrations are numbered from one, without gaps', () => {
  expect(files.map((file) => file.slice(0, 5))).toEqual(
    files.map((_, index) => `${String(index + 1).padStart(4, '0')}_`),
  )
  for (const file of files) expect(file).toMatch(/^\d{4}_[a-z_]+\.js$/)
})

test('up, down and up again is the same at every depth, and all the way down is PocketBase as it comes', async () => {
  const none = path.join(directory, 'no-migrations')
  await mkdir(none)
  const asItComes = await (await commandIn('pristine', none)).snapshot()

  const pocketBase = await commandIn('up-and-down')
  const top = await pocketBase.snapshot()
  expect(Object.keys(top)).toEqual(expect.arrayContaining(Object.keys(RULE_MATRIX)))
  for (let depth = 1; depth <= files.length; depth += 1) {
    await pocketBase.migrate('down', String(depth))
    const bottom = await pocketBase.snapshot()
    expect(bottom).not.toEqual(top)
    if (depth === files.length) expect(bottom).toEqual(asItComes)
    await pocketBase.migrate('up')
    expect(await pocketBase.snapshot(), `after ${depth} down and up`).toEqual(top)
  }
})

test('applying them again changes nothing', async () => {
  const pocketBase = await commandIn('twice')
  const before = await pocketBase.snapshot()
  expect(await pocketBase.migrate('up')).toContain('No new migrations to apply')
  expect(await pocketBase.snapshot()).toEqual(before)
})
