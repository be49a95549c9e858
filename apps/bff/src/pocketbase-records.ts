/** Studio's records in PocketBase, read over its HTTP API as one person. */
import { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'
import { inParallel } from './in-parallel.ts'
import { getFromPocketBase, type PocketBaseAddress, type PocketBaseRequest } from './pocketbase-request.ts'
import type { OneRecord, Records, RecordsOf } from './records.ts'

/** PocketBase's own maximum (`MaxPerPage` in its tools/search/provider.go). */
const PAGE_SIZE = 1_000
/** A filter holds 3,500 characters and 200 expressions (the same file); 100 ids make 2,800 and 101 at most. */
const IDS_PER_FILTER = 100
const CHUNKS_AT_ONCE = 4

const pageSchema = z.object({ items: z.array(z.looseObject({ id: z.string() })) })
type Page = z.infer<typeof pageSchema>['items']

const idSchema = z.object({ id: z.string() }).transform(({ id }) => id)

export interface PocketBaseRecordsOptions {
  address: PocketBaseAddress
  token: string
  /** Told when PocketBase refuses the token, which it does as soon as the session has ended (infra/pocketbase). */
  onSessionEnded: () => void
}

/** Reads records as the person whose token it is. */
export function createPocketBaseRecords(options: PocketBaseRecordsOptions): Records {
  const { address, token, onSessionEnded } = options

  async function get(request: Omit<PocketBaseRequest, 'token'>): Promise<unknown> {
    try {
      return await getFromPocketBase(address, { ...request, token })
    } catch (error) {
      if (error instanceof StudioError && error.code === 'UNAUTHENTICATED') onSessionEnded()
      throw error
    }
  }

  async function one<Schema extends z.ZodType>(query: OneRecord<Schema>): Promise<z.output<Schema>> {
    const { collection, id, fields, absence, schema, signal } = query
    const record = `/api/collections/${collection}/records/${id}`
    const path = fields === undefined ? record : `${record}?fields=${fields}`
    return schema.parse(await get({ path, absence, signal }))
  }

  /** One page of the records after this id. By id and not by number: records that come and go shift no page. */
  async function pageAfter(lastId: string, query: PageQuery): Promise<Page> {
    const conditions = [...query.conditions, ...(lastId === '' ? [] : [`id>'${lastId}'`])]
    const parameters = new URLSearchParams({
      perPage: String(PAGE_SIZE),
      skipTotal: '1',
      sort: 'id',
      ...(conditions.length === 0 ? {} : { filter: conditions.join('&&') }),
      ...(query.fields === undefined ? {} : { fields: query.fields }),
    })
    const path = `/api/collections/${query.collection}/records?${parameters}`
    // A list that a person may not see is an empty one: that there is no list at all is nothing about the person.
    return pageSchema.parse(await get({ path, absence: 'RECORDS_UNAVAILABLE', signal: query.signal })).items
  }

  async function allPages(query: PageQuery): Promise<Page> {
    const items: Page = []
    for (;;) {
      const page = await pageAfter(items.at(-1)?.id ?? '', query)
      items.push(...page)
      if (page.length < PAGE_SIZE) return items
    }
  }

  async function chosen<Schema extends z.ZodType>(query: RecordsOf<Schema> & { fields?: string }) {
    const { collection, fields, by, schema, signal } = query
    if (by?.ids.length === 0) return []
    const pages = await inParallel(conditionsOf(by), {
      limit: CHUNKS_AT_ONCE,
      work: (conditions) => allPages({ collection, conditions, fields, signal }),
    })
    return pages.flat().map((item) => schema.parse(item))
  }

  return {
    one,
    all: chosen,
    visible: async ({ collection, ids, signal }) =>
      new Set(await chosen({ collection, fields: 'id', schema: idSchema, signal, by: { field: 'id', ids } })),
  }
}

interface PageQuery {
  collection: RecordsOf<z.ZodType>['collection']
  conditions: readonly string[]
  fields: string | undefined
  signal: AbortSignal | undefined
}

/** The filters of the requests that a query takes, each a list of conditions that all hold; one without any for all records. */
function conditionsOf(by: RecordsOf<z.ZodType>['by']): string[][] {
  if (by === undefined) return [[]]
  const ids = [...new Set(by.ids)]
  const chunks: string[][] = []
  for (let start = 0; start < ids.length; start += IDS_PER_FILTER) {
    const chunk = ids.slice(start, start + IDS_PER_FILTER)
    chunks.push([`(${chunk.map((id) => `${by.field}='${id}'`).join('||')})`])
  }
  return chunks
}
