/** What the BFF asks of Studio's records, always as one person: PocketBase's rules decide what that person gets. */
import type { z } from 'zod'
import type { ErrorCode } from '@studio/contracts/error-code'

/** The collections that the BFF reads. */
export type Collection = 'projects' | 'cards' | 'assets' | 'generations' | 'files' | 'view_asset_files'

/** The error of a record that does not exist or may not be seen: the two look the same. */
export type AbsenceCode = Extract<ErrorCode, `${string}_NOT_FOUND`>

export interface RecordQuery<Schema extends z.ZodType> {
  collection: Collection
  /** Reads one record as PocketBase sends it. */
  schema: Schema
  /** Ends the request when the client that it is for is gone. */
  signal?: AbortSignal | undefined
}

export interface OneRecord<Schema extends z.ZodType> extends RecordQuery<Schema> {
  id: string
  absence: AbsenceCode
  /** Only these fields, comma-separated; all of them when left out. */
  fields?: string
}

export interface RecordsOf<Schema extends z.ZodType> extends RecordQuery<Schema> {
  /** The relation (or `id`) by which records are chosen, and the ids it may have. Ids are validated before. */
  by?: { field: 'id' | 'project' | 'asset'; ids: readonly string[] }
}

/**
 * Every method rejects with `RECORDS_UNAVAILABLE` when PocketBase does not answer, and with `UNAUTHENTICATED` when the
 * person's session turns out to have ended.
 */
export interface Records {
  /** One record; rejects with the code for its absence when there is none that the person may see. */
  one<Schema extends z.ZodType>(query: OneRecord<Schema>): Promise<z.output<Schema>>
  /** All records that the person may see, in no particular order, however many there are. */
  all<Schema extends z.ZodType>(query: RecordsOf<Schema>): Promise<z.output<Schema>[]>
  /** Which of these ids the person may see. */
  visible(query: {
    collection: Collection
    ids: readonly string[]
    signal?: AbortSignal | undefined
  }): Promise<ReadonlySet<string>>
}
