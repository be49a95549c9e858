import { createHash, randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashBlob } from './hash-blob.ts'
import { sourceError } from './upload-error.ts'

const MIB = 1024 * 1024
const { signal } = new AbortController()
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'studio-hash-'))
})
afterAll(() => rm(directory, { recursive: true }))

describe('hashBlob', () => {
  it.each([0, 1, 63, 64, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 5 * MIB + 17])(
    'is the SHA-256 of %i bytes and reports progress up to the last',
    async (size) => {
      const bytes = randomBytes(size)
      const reported: number[] = []
      const digest = await hashBlob(new Blob([bytes]), {
        signal,
        onProgress: (loaded) => reported.push(loaded),
      })
      expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(reported.at(-1) ?? 0).toBe(size)
      expect(reported).toEqual(reported.toSorted((a, b) => a - b))
    },
  )

  it('hashes a 200 MiB file without holding it', async () => {
    const path = join(directory, 'large')
    await writeFile(path, '')
    await truncate(path, 200 * MIB)
    let most = 0
    const before = process.memoryUsage().arrayBuffers
    const digest = await hashBlob(await openAsBlob(path), {
      signal,
      onProgress: () => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)),
    })
    // Of 200 MiB of zeros, by `head -c 209715200 /dev/zero | sha256sum`.
    expect(digest).toBe('72abf2ca8f36943ebe2e49ca3a51d409ca5f0bfcffab6c9d25643c17c32889da')
    expect(most).toBeLessThan(100 * MIB)
  })

  it('stops between two slices when it is aborted', async () => {
    const controller = new AbortController()
    let slices = 0
    const hashing = hashBlob(new Blob([new Uint8Array(8 * MIB)]), {
      signal: controller.signal,
      onProgress: () => {
        slices += 1
        controller.abort()
      },
    })
    await expect(hashing).rejects.toHaveProperty('name', 'AbortError')
    expect(slices).toBe(1)
  })

  it('rejects when the file changes while it is read', async () => {
    const path = join(directory, 'changing')
    await writeFile(path, randomBytes(6 * MIB))
    const source = await openAsBlob(path)
    const changed = appendFile(path, 'more')
    const hashing = changed.then(() => hashBlob(source, { signal, onProgress: () => undefined }))
    const thrown = await hashing.catch((error: unknown) => error)
    expect(sourceError(thrown)).toMatchObject({ code: 'SIZE_MISMATCH' })
  })
})
