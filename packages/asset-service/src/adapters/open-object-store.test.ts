/** Tests of opening an object store by its kind. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openObjectStore } from './open-object-store.ts'

const source = path.resolve(import.meta.dirname, '..')
const kinds = (await readdir(path.join(import.meta.dirname, 'object-stores')))
  .filter((name) => name.endsWith('-object-store.ts'))
  .map((name) => name.replace('-object-store.ts', ''))

const filesystem = {
  FILESYSTEM_DIRECTORY: '/unused',
  FILESYSTEM_SIGNING_SECRET: 'a secret that only this service knows',
  FILESYSTEM_PUBLIC_URL: 'http://localhost:4000',
}

describe('an object store', () => {
  it('is opened by its kind, with the clock that is given', async () => {
    const now = () => new Date('2026-11-22T10:00:00Z')
    const opened = await openObjectStore({ kind: 'filesystem', settings: filesystem, now })
    const options = { key: 'k', mimeType: 'image/png', contentDisposition: 'inline', cacheControl: 'private' }
    const { expiresAt } = opened.signer.signGet({ ...options, expiresInSeconds: 60 })
    expect(expiresAt).toEqual(new Date('2026-11-22T10:01:00Z'))
    await opened.close()
  })

  it.each(kinds)('of kind %s is found by its file alone, and asks for its own settings', async (kind) => {
    const opening = openObjectStore({ kind, settings: {} })
    await expect(opening).rejects.toThrow(`The settings of the ${kind} object store do not fit`)
    await expect(opening).rejects.toThrow(kind.toUpperCase())
  })

  it.each(kinds)('of kind %s is named by no other file than its own and its test', async (kind) => {
    const own = [`${kind}-object-store.ts`, `${kind}-object-store.test.ts`]
    const others = (await readdir(source, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !own.includes(path.basename(name)),
    )
    const texts = await Promise.all(others.map((name) => readFile(path.join(source, name), 'utf8')))
    expect(others.filter((_, index) => texts[index]?.includes(`${kind}-object-store`))).toEqual([])
  })

  it('of a kind that there is not is a TypeError, which names those that there are', async () => {
    const opening = openObjectStore({ kind: 'tape', settings: {} })
    await expect(opening).rejects.toThrow(TypeError)
    await expect(opening).rejects.toThrow(`"tape"; there are: ${kinds.sort().join(', ')}`)
  })

  it.each(['', 'S3', '../s3', 'object-stores/s3', 's3.test', 's3-object'])(
    'is not looked for elsewhere by the name of %j',
    async (kind) => {
      await expect(openObjectStore({ kind, settings: filesystem })).rejects.toThrow(
        `There is no object store of kind ${JSON.stringify(kind)}`,
      )
    },
  )

  it('does not tell its secrets when it complains about them', async () => {
    const settings = { ...filesystem, FILESYSTEM_SIGNING_SECRET: 'too-short-a-secret' }
    const opening = openObjectStore({ kind: 'filesystem', settings })
    await expect(opening).rejects.toThrow('FILESYSTEM_SIGNING_SECRET')
    await expect(opening).rejects.not.toThrow('too-short-a-secret')
  })
})
