/** What every object store and its signer promise: one test for each sentence of the ports, over real HTTP. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ObjectStore } from '../ports/object-store.ts'
import { describeBrowsers } from './browser-access-conformance.ts'
import { describeSignedGet } from './signed-get-conformance.ts'
import { describeSignedPut } from './signed-put-conformance.ts'
import {
  ALLOWED_ORIGIN,
  newKey,
  objectOf,
  sha256Of,
  type SetUpStore,
  type StoreUnderTest,
} from './store-under-test.ts'

const text = (words: string): Uint8Array => new TextEncoder().encode(words)
const everything = { start: 0, end: 1024 * 1024 }

function describePutting(store: () => ObjectStore): void {
  it.each([1, 65_536, 1_048_576])(
    'gives back the %d bytes that were put, with their size and checksum',
    async (size) => {
      const object = objectOf(randomBytes(size))
      await store().put(object)
      expect(await store().head(object.key)).toEqual({ size, sha256: object.sha256 })
      const bytes = await store().readRange(object.key, everything)
      expect(sha256Of(bytes ?? new Uint8Array())).toBe(object.sha256)
    },
  )

  it('keeps an empty object like any other', async () => {
    const object = objectOf(new Uint8Array())
    await store().put(object)
    expect(await store().head(object.key)).toEqual({ size: 0, sha256: object.sha256 })
    expect(await store().readRange(object.key, everything)).toHaveLength(0)
  })

  it('may be told the same object again', async () => {
    const object = objectOf(text('again'))
    await store().put(object)
    await store().put(object)
    expect(await store().head(object.key)).toEqual({ size: 5, sha256: object.sha256 })
  })

  it('refuses bytes that are not those of the checksum, and keeps nothing of them', async () => {
    const object = { ...objectOf(text('altered')), sha256: sha256Of(text('meant')) }
    await expect(store().put(object)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    expect(await store().head(object.key)).toBeUndefined()
    expect(await store().readRange(object.key, everything)).toBeUndefined()
  })

  it('keeps the object that was there when it refuses another', async () => {
    const object = objectOf(text('first'))
    await store().put(object)
    const altered = { ...object, bytes: text('altered') }
    await expect(store().put(altered)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    expect(await store().readRange(object.key, everything)).toEqual(object.bytes)
  })

  it('has one whole object when several are put under a key at the same time', async () => {
    const key = newKey()
    const objects = Array.from({ length: 8 }, () => objectOf(randomBytes(100_000), key))
    await Promise.all(objects.map((object) => store().put(object)))
    const bytes = await store().readRange(key, everything)
    const head = await store().head(key)
    expect(objects.map((object) => object.sha256)).toContain(head?.sha256)
    expect(sha256Of(bytes ?? new Uint8Array())).toBe(head?.sha256)
  })
}

function describeReading(store: () => ObjectStore): void {
  it('says undefined for an object that there is not', async () => {
    const key = newKey()
    expect(await store().head(key)).toBeUndefined()
    expect(await store().readRange(key, everything)).toBeUndefined()
  })

  it.each([
    [{ start: 0, end: 0 }, 'a'],
    [{ start: 2, end: 4 }, 'cde'],
    [{ start: 8, end: 9 }, 'ij'],
    [{ start: 8, end: 99 }, 'ij'],
    [{ start: 10, end: 99 }, ''],
    [{ start: 500, end: 500 }, ''],
  ])('reads %j of ten bytes as %j', async (range, expected) => {
    const object = objectOf(text('abcdefghij'))
    await store().put(object)
    expect(await store().readRange(object.key, range)).toEqual(text(expected))
  })

  it.each([
    { start: -1, end: 4 },
    { start: 3, end: 2 },
    { start: 0.5, end: 2 },
  ])('refuses to read %j, which is no range', async (range) => {
    const object = objectOf(text('abcdefghij'))
    await store().put(object)
    await expect(store().readRange(object.key, range)).rejects.toThrow(RangeError)
  })

  it('deletes an object, and may be told so again', async () => {
    const object = objectOf(text('short-lived'))
    await store().put(object)
    for (let time = 0; time < 2; time++) {
      await store().delete(object.key)
      expect(await store().head(object.key)).toBeUndefined()
      expect(await store().readRange(object.key, everything)).toBeUndefined()
    }
  })

  it.each([0, 1, 300_000])(
    'copies an object of %d bytes, which stays when the first is deleted',
    async (size) => {
      const object = objectOf(randomBytes(size))
      await store().put(object)
      const to = newKey()
      for (let time = 0; time < 2; time += 1)
        expect(await store().copy({ from: object.key, to, size })).toBe(true)
      await store().delete(object.key)
      expect(await store().head(to)).toEqual({ size, sha256: object.sha256 })
      expect(sha256Of((await store().readRange(to, everything)) ?? new Uint8Array([0]))).toBe(object.sha256)
    },
  )

  it('copies nothing where there is no object', async () => {
    const to = newKey()
    expect(await store().copy({ from: newKey(), to, size: 7 })).toBe(false)
    expect(await store().head(to)).toBeUndefined()
  })

  it('deletes nothing beside the object', async () => {
    const neighbours = ['files/neighbour', 'files/neighbour2', 'files/neighbou'].map((prefix) =>
      objectOf(text(prefix), `${prefix}/${randomUUID()}`),
    )
    await Promise.all(neighbours.map((object) => store().put(object)))
    const [gone, ...kept] = neighbours
    await store().delete(gone?.key ?? '')
    for (const object of kept) expect(await store().readRange(object.key, everything)).toEqual(object.bytes)
  })
}

function describeKeeping(under: () => StoreUnderTest): void {
  const store = (): ObjectStore => under().opened.store

  it('may be prepared again, also by several at once, and keeps what it has', async () => {
    const object = objectOf(text('kept'))
    await store().put(object)
    const options = { allowedOrigins: [ALLOWED_ORIGIN] }
    await Promise.all([store().prepare(options), store().prepare(options), store().prepare(options)])
    expect(await store().readRange(object.key, everything)).toEqual(object.bytes)
  })

  it('refuses strangers, whom it tries', async () => {
    expect(await store().allowsAnonymousAccess()).toBe(false)
  })

  it('says that it is there', async () => {
    await expect(store().ping()).resolves.toBeUndefined()
  })

  it.each<[string, (away: ObjectStore) => Promise<unknown>]>([
    ['prepare', (away) => away.prepare({ allowedOrigins: [ALLOWED_ORIGIN] })],
    ['allowsAnonymousAccess', (away) => away.allowsAnonymousAccess()],
    ['put', (away) => away.put(objectOf(text('lost')))],
    ['head', (away) => away.head(newKey())],
    ['readRange', (away) => away.readRange(newKey(), everything)],
    ['copy', (away) => away.copy({ from: newKey(), to: newKey(), size: 7 })],
    ['delete', (away) => away.delete(newKey())],
    ['ping', (away) => away.ping()],
  ])('rejects with STORE_UNAVAILABLE and the cause when the store is away: %s', async (_method, call) => {
    await expect(call(under().away.store)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: expect.any(Error),
    })
  })
}

/** Runs the promises of `ObjectStore` and `UrlSigner` against a kind of store. */
export function describeObjectStore(name: string, setUp: SetUpStore): void {
  describe(`${name}, as an object store,`, () => {
    let current: StoreUnderTest | undefined
    const under = (): StoreUnderTest => {
      if (current === undefined) throw new TypeError('The set-up did not finish')
      return current
    }
    const store = (): ObjectStore => under().opened.store

    beforeAll(async () => {
      current = await setUp()
      await store().prepare({ allowedOrigins: [ALLOWED_ORIGIN] })
    })
    afterEach(() => current?.setNow(() => new Date()))
    afterAll(async () => {
      await current?.opened.close()
      await current?.away.close()
      await current?.dispose()
    })

    describeKeeping(under)
    describePutting(store)
    describeReading(store)
    describe('with a URL signed for writing,', () => describeSignedPut(under))
    describe('with a URL signed for reading,', () => describeSignedGet(under))
    describe('for browsers,', () => describeBrowsers(under))
  })
}
