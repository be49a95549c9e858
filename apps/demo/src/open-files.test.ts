import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFiles } from './open-files.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'studio-demo-'))
  await mkdir(join(directory, 'folder'))
  await writeFile(join(directory, 'présentation 最終版 🎬.mp4'), 'moving')
  await writeFile(join(directory, 'folder', 'empty.txt'), '')
})
afterAll(() => rm(directory, { recursive: true }))

describe('openFiles', () => {
  it('finds relative paths from the given folder and absolute ones anywhere', async () => {
    const files = await openFiles(
      ['présentation 最終版 🎬.mp4', join(directory, 'folder/empty.txt')],
      directory,
    )
    expect(files.map(({ name, mimeType, source }) => [name, mimeType, source.size])).toEqual([
      ['présentation 最終版 🎬.mp4', 'video/mp4', 6],
      ['empty.txt', 'text/plain', 0],
    ])
    expect(await files[0]?.source.text()).toBe('moving')
  })

  it.each([
    ['nothing.png', /There is no file .*nothing\.png/],
    ['folder', /folder is not a file/],
  ])('says which path cannot be uploaded: %s', async (path, message) => {
    await expect(openFiles(['folder/empty.txt', path], directory)).rejects.toThrow(message)
  })
})
