/** Tests of the filesystem object store, its endpoint served by a real HTTP server. */
import fc from 'fast-check'
import { mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startEndpointServer, type EndpointServer } from '../../conformance/serve-object-endpoint.ts'
import { describeObjectListing } from '../../conformance/object-listing-conformance.ts'
import { describeObjectStore } from '../../conformance/object-store-conformance.ts'
import type { SetUpStore } from '../../conformance/store-under-test.ts'
import { ALLOWED_ORIGIN, newKey, objectOf, sha256Of } from '../../conformance/store-under-test.ts'
import { open } from './filesystem-object-store.ts'

const SECRET = 'a secret that only this service knows'
const everything = { start: 0, end: 1024 * 1024 }

function settingsOf(directory: string, publicUrl = 'http://127.0.0.1:1'): Record<string, string> {
  return {
    FILESYSTEM_DIRECTORY: directory,
    FILESYSTEM_SIGNING_SECRET: SECRET,
    FILESYSTEM_PUBLIC_URL: publicUrl,
  }
}

const newDirectory = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'studio-objects-'))

const setUp: SetUpStore = async () => {
  let now = () => new Date()
  const directory = await newDirectory()
  const server = await startEndpointServer()
  const opened = open(settingsOf(directory, server.url), () => now())
  if (opened.endpoint !== undefined) server.serve(opened.endpoint)
  const notADirectory = path.join(directory, 'file')
  await writeFile(notADirectory, '')
  return {
    opened,
    away: open(settingsOf(path.join(notADirectory, 'objects'))),
    request: fetch,
    setNow: (clock) => (now = clock),
    dispose: async () => {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}

describeObjectStore('the filesystem object store', setUp)
describeObjectListing('the filesystem object store', setUp, { multipart: false })

describe('the directory of objects', () => {
  let parent: string
  let directory: string
  let server: EndpointServer
  let opened: ReturnType<typeof open>

  beforeAll(async () => {
    parent = await newDirectory()
    directory = path.join(parent, 'deep', 'store')
    server = await startEndpointServer()
    opened = open(settingsOf(directory, server.url))
    if (opened.endpoint !== undefined) server.serve(opened.endpoint)
    await opened.store.prepare({ allowedOrigins: [ALLOWED_ORIGIN] })
  })
  afterAll(async () => {
    await server.close()
    await rm(parent, { recursive: true })
  })

  const filesOf = async (folder: string): Promise<string[]> =>
    (await readdir(path.join(directory, folder))).sort()
  const objectFile = (key: string): string => path.join(directory, 'objects', sha256Of(Buffer.from(key)))

  it('holds an object under any key, and no key leads out of it', async () => {
    const hostile = ['../x', '../../x', '/etc/x', 'a/../../x', 'a\\..\\x', 'a\0b', '.', '..', 'con', 'A', 'a']
    const anyKeys = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), {
      maxLength: 20,
    })
    const keepAndDelete = async (key: string): Promise<void> => {
      const object = objectOf(Buffer.from(`of ${key}`), key)
      await opened.store.put(object)
      expect(Buffer.from((await opened.store.readRange(key, everything)) ?? [])).toEqual(object.bytes)
      await opened.store.delete(key)
    }
    const together = async (keys: string[]): Promise<void> =>
      void (await Promise.all(keys.map(keepAndDelete)))
    await fc.assert(fc.asyncProperty(anyKeys, together), { numRuns: 3, examples: [[hostile]] })
    expect([await readdir(parent), await readdir(path.join(parent, 'deep'))]).toEqual([['deep'], ['store']])
    expect([await filesOf('objects'), await filesOf('incoming')]).toEqual([[], []])
  })

  it('keeps keys apart that differ in case only, and a key that is another’s beginning', async () => {
    const keys = ['k', 'K', 'k/k', 'k/']
    for (const key of keys) await opened.store.put(objectOf(Buffer.from(`of ${key}`), key))
    for (const key of keys) {
      expect(await opened.store.readRange(key, everything)).toEqual(new TextEncoder().encode(`of ${key}`))
    }
  })

  it('can be read by nobody else on the machine', async () => {
    const object = objectOf(Buffer.from('private'))
    await opened.store.put(object)
    const modes = await Promise.all(
      [path.join(directory, 'objects'), objectFile(object.key)].map(
        async (file) => (await stat(file)).mode & 0o077,
      ),
    )
    expect(modes).toEqual([0, 0])
  })

  it('loses what a crash left unfinished after a day, and not before', async () => {
    const [old, recent] = ['old', 'recent'].map((name) => path.join(directory, 'incoming', name))
    for (const file of [old, recent]) await writeFile(file ?? '', 'half an obj')
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000)
    await utimes(old ?? '', yesterday, yesterday)
    await opened.store.prepare({ allowedOrigins: [ALLOWED_ORIGIN] })
    expect(await filesOf('incoming')).toEqual(['recent'])
    await rm(recent ?? '')
  })

  it('never gives a file that was cut short for an object', async () => {
    const object = objectOf(Buffer.from('whole'))
    await opened.store.put(object)
    const { size } = await stat(objectFile(object.key))
    for (const length of [size - 1, size - 5, 20, 0]) {
      await truncate(objectFile(object.key), length)
      await expect(opened.store.head(object.key)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    }
    await opened.store.put(object)
    expect(await opened.store.readRange(object.key, everything)).toEqual(new Uint8Array(object.bytes))
  })

  it('leaves nothing of an upload whose client went away', async () => {
    const object = objectOf(Buffer.alloc(100_000, 'x'))
    const signed = opened.signer.signPut({ ...object, size: object.bytes.byteLength, expiresInSeconds: 60 })
    const sending = httpRequest(signed.url, {
      method: 'PUT',
      headers: { ...signed.headers, 'content-length': object.bytes.byteLength },
    })
    const ended = new Promise((resolve) => sending.on('error', resolve))
    sending.write(object.bytes.subarray(0, 1000))
    await vi.waitFor(async () => expect(await filesOf('incoming')).toHaveLength(1), { timeout: 5000 })
    sending.destroy()
    await ended
    await vi.waitFor(async () => expect(await filesOf('incoming')).toEqual([]), { timeout: 5000 })
    expect(await opened.store.head(object.key)).toBeUndefined()
  })

  it('is not taken for an empty one when it is gone', async () => {
    const gone = open(settingsOf(path.join(parent, 'never-prepared'))).store
    const unavailable = { code: 'STORE_UNAVAILABLE', cause: expect.any(Error) }
    await expect(gone.head(newKey())).rejects.toMatchObject(unavailable)
    await expect(gone.readRange(newKey(), everything)).rejects.toMatchObject(unavailable)
    await expect(gone.delete(newKey())).rejects.toMatchObject(unavailable)
    await expect(gone.put(objectOf(Buffer.from('lost')))).rejects.toMatchObject(unavailable)
    await expect(gone.ping()).rejects.toMatchObject(unavailable)
  })
})

describe('the settings', () => {
  it.each([
    ['FILESYSTEM_DIRECTORY', ''],
    ['FILESYSTEM_DIRECTORY', undefined],
    ['FILESYSTEM_SIGNING_SECRET', 'short'],
    ['FILESYSTEM_PUBLIC_URL', 'not a url'],
  ])('are refused with %s being %j', (name, value) => {
    expect(() => open({ ...settingsOf('/unused'), [name]: value })).toThrow(name)
  })
})
