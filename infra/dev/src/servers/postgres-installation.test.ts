import { chmod, cp, mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isExecutable } from './search-path.ts'
import { createTestDirectory, removeTestDirectory } from '../testing/test-directory.ts'
import {
  canReach,
  findPostgres,
  postgresDataDirectory,
  reachableBinaries,
  removeSharedPlace,
} from './postgres-installation.ts'

// A number that no file of these tests belongs to, as for the user that root lends to PostgreSQL.
const stranger = { uid: 64_999, gid: 64_999 }

let directory: string
beforeEach(async () => {
  directory = await createTestDirectory('installation')
  await chmod(directory, 0o711)
})
afterEach(() => removeTestDirectory(directory))

test('a user reaches a folder when every folder above lets others pass, and not otherwise', async () => {
  const inner = path.join(directory, 'home', 'checkout')
  await mkdir(inner, { recursive: true })
  expect(await canReach(inner, stranger)).toBe(true)
  await chmod(path.join(directory, 'home'), 0o700)
  expect(await canReach(inner, stranger)).toBe(false)
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  expect(await canReach(inner, owner)).toBe(true)
})

test('the data lies in the state folder of an ordinary user', async () => {
  const stateDirectory = path.join(directory, 'state')
  await mkdir(stateDirectory, { mode: 0o700 })
  const data = await postgresDataDirectory({ stateDirectory, key: 'k', user: undefined })
  expect(data).toBe(path.join(stateDirectory, 'postgres'))
})

test('the data lies in the state folder of root too, where the lent user can reach it', async () => {
  const data = await postgresDataDirectory({ stateDirectory: directory, key: 'k', user: stranger })
  expect(data).toBe(path.join(directory, 'postgres'))
})

test('the data lies outside a home that the lent user cannot enter, and that of a deleted state goes', async () => {
  const home = path.join(directory, 'home')
  const stateDirectory = path.join(home, 'state')
  await mkdir(home, { mode: 0o700 })
  const place = async (key: string) => postgresDataDirectory({ stateDirectory, key, user: stranger })
  const data = await place('one')
  expect(data).toMatch(/^\/var\/tmp\/studio-[0-9a-f]{12}\/postgres-one$/)
  expect(await place('one')).toBe(data)
  await mkdir(data)
  const next = await place('two')
  expect(next).not.toBe(data)
  expect(await readdir(path.dirname(data))).toEqual([])
  expect(await canReach(path.dirname(data), stranger)).toBe(true)
  await removeSharedPlace(stateDirectory)
  await expect(canReach(path.dirname(data), stranger)).rejects.toThrow('ENOENT')
})

test('binaries that the lent user cannot reach are copied to where it can', async () => {
  const { postgres } = await findPostgres()
  const home = path.join(directory, 'home')
  const packaged = { native: path.join(home, 'native'), version: 'test' }
  await mkdir(path.join(packaged.native, 'bin'), { recursive: true })
  await cp(postgres, path.join(packaged.native, 'bin', 'postgres'))
  expect(await reachableBinaries(packaged, stranger)).toBe(packaged.native)

  await chmod(home, 0o700)
  const copy = await reachableBinaries(packaged, stranger)
  expect(copy).toMatch(/^\/var\/tmp\/studio-/)
  expect(await isExecutable(path.join(copy, 'bin', 'postgres'))).toBe(true)
  expect(await canReach(path.join(copy, 'bin'), stranger)).toBe(true)
  await rm(copy, { recursive: true })
  // The folder around it is left where this checkout keeps its own copy there.
  await rmdir(path.dirname(copy)).catch(() => undefined)
})
