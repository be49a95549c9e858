/** What every listing has to do: a test for each sentence of `ObjectListing`. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListedMultipart, ListedObject, ObjectListing } from '../ports/object-listing.ts'
import type { MultipartObjectStore, OpenedObjectStore } from '../ports/object-store.ts'
import { objectOf, type SetUpStore, type StoreUnderTest } from './store-under-test.ts'

const MINUTE_MS = 60_000

function listingOf({ listing }: OpenedObjectStore): ObjectListing {
  if (listing === undefined) throw new TypeError('This store cannot be listed')
  return listing
}

async function pagesOf<Item>(pages: AsyncIterable<Item[]>): Promise<Item[][]> {
  const all: Item[][] = []
  for await (const page of pages) all.push(page)
  return all
}

function describeMultiparts(under: () => StoreUnderTest, multipart: () => MultipartObjectStore): void {
  const begin = async (key: string): Promise<ListedMultipart> => {
    const multipartId = await multipart().create({ key, mimeType: 'video/mp4' })
    return { key, multipartId, initiatedAt: expect.any(Date) as Date }
  }
  const list = async (prefix: string, pageSize: number) =>
    (await pagesOf(listingOf(under().opened).multiparts({ prefix, pageSize }))).flat()

  it('lists the multipart uploads below a prefix, and no neighbour’s', async () => {
    const prefix = `${randomUUID()}/`
    const keys = ['a', 'b', 'b', 'c', 'd'].map((name) => `${prefix}${name}`)
    const begun = await Promise.all(keys.map((key) => begin(key)))
    await begin(`${prefix.slice(0, -1)}2/a`)
    for (const pageSize of [2, 1000]) {
      const listed = await list(prefix, pageSize)
      expect(listed).toHaveLength(begun.length)
      expect(listed).toEqual(expect.arrayContaining(begun))
      for (const { initiatedAt } of listed) expect(Date.now() - initiatedAt.getTime()).toBeLessThan(MINUTE_MS)
    }
  })

  it('goes on when the upload at the end of a page ends meanwhile', async () => {
    const prefix = `${randomUUID()}/`
    for (const name of ['a', 'b', 'c', 'd', 'e']) await begin(`${prefix}${name}`)
    const seen: string[] = []
    for await (const page of listingOf(under().opened).multiparts({ prefix, pageSize: 2 })) {
      seen.push(...page.map(({ key }) => key))
      for (const upload of page) await multipart().abort(upload)
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${prefix}${name}`))
    expect(await list(prefix, 1000)).toEqual([])
  })

  it('aborts one upload of a key and no other, and may be told so again', async () => {
    const key = `${randomUUID()}/a`
    const [first, second] = [await begin(key), await begin(key)]
    await multipart().abort(first)
    await multipart().abort(first)
    expect(await list(key, 1000)).toEqual([second])
  })
}

/** Runs the promises of `ObjectListing` against a kind of store. */
export function describeObjectListing(
  name: string,
  setUp: SetUpStore,
  options: { multipart: boolean },
): void {
  describe(`${name}, when it is listed,`, () => {
    let current: StoreUnderTest | undefined
    const under = (): StoreUnderTest => {
      if (current === undefined) throw new TypeError('The set-up did not finish')
      return current
    }
    beforeAll(async () => {
      current = await setUp()
      await under().opened.store.prepare({ allowedOrigins: [] })
    })
    afterAll(async () => {
      await current?.opened.close()
      await current?.away.close()
      await current?.dispose()
    })

    const put = async (keys: readonly string[]): Promise<void> => {
      for (const key of keys) await under().opened.store.put(objectOf(Buffer.from(key), key))
    }
    const pages = (prefix: string, pageSize?: number): Promise<ListedObject[][]> =>
      pagesOf(listingOf(under().opened).objects({ prefix, ...(pageSize && { pageSize }) }))

    it('shows the objects below a prefix in the order of their keys, with size and date', async () => {
      const prefix = `${randomUUID()}/`
      const keys = ['zz/1/o', '0a/2/o', 'a0/3/o', 'aa/4/o', 'a9/5/o'].map((key) => `${prefix}${key}`)
      await put([...keys, `${prefix.slice(0, -1)}2/neighbour`, `other-${prefix}a`])
      const listed = (await pages(prefix)).flat()
      expect(listed.map(({ key }) => key)).toEqual(keys.toSorted())
      for (const { size, lastModified, key } of listed) {
        expect(size).toBe(key.length)
        expect(Math.abs(Date.now() - lastModified.getTime())).toBeLessThan(MINUTE_MS)
      }
    })

    it('shows each once, however small the pages are', async () => {
      const prefix = `${randomUUID()}/`
      const keys = Array.from({ length: 7 }, (_, index) => `${prefix}${index}/o`)
      await put(keys)
      for (const pageSize of [1, 2, 7, 8]) {
        const found = await pages(prefix, pageSize)
        expect(found.flat().map(({ key }) => key)).toEqual(keys)
        expect(Math.max(...found.map((page) => page.length))).toBeLessThanOrEqual(pageSize)
      }
    })

    it('goes on while what it shows is deleted', async () => {
      const prefix = `${randomUUID()}/`
      await put(Array.from({ length: 5 }, (_, index) => `${prefix}${index}/o`))
      let seen = 0
      for await (const page of listingOf(under().opened).objects({ prefix, pageSize: 2 })) {
        seen += page.length
        for (const { key } of page) await under().opened.store.delete(key)
      }
      expect(seen).toBe(5)
      expect((await pages(prefix)).flat()).toEqual([])
    })

    it('has nothing to show below a prefix that nobody uses', async () => {
      const prefix = `${randomUUID()}/`
      expect((await pages(prefix)).flat()).toEqual([])
      expect((await pagesOf(listingOf(under().opened).multiparts({ prefix }))).flat()).toEqual([])
    })

    it('rejects with STORE_UNAVAILABLE and the cause when the store is away', async () => {
      const away = listingOf(under().away)
      const unavailable = { code: 'STORE_UNAVAILABLE', cause: expect.any(Error) }
      await expect(pagesOf(away.objects({ prefix: 'files/' }))).rejects.toMatchObject(unavailable)
      if (!options.multipart) return
      await expect(pagesOf(away.multiparts({ prefix: 'files/' }))).rejects.toMatchObject(unavailable)
    })

    if (options.multipart) {
      describeMultiparts(under, () => {
        const { multipart } = under().opened
        if (multipart === undefined) throw new TypeError('This store has no multipart uploads')
        return multipart
      })
    }
  })
}
