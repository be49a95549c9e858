/** The id format that PocketBase records and registry rows share. */
import { z } from 'zod'

/** Characters of a record id, and how many there are: PocketBase's own record-id format. */
export const RECORD_ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
export const RECORD_ID_LENGTH = 15

/** 15 characters of `[a-z0-9]`; brand it per noun, so that a card's id cannot stand where a file's is asked for. */
export const recordIdSchema = z.string().regex(/^[a-z0-9]{15}$/, 'An id is 15 characters of a-z and 0-9')

/** PocketBase writes an empty relation as `""`; everywhere else absence is `null`. */
export function optionalRelation<Id extends z.ZodType>(id: Id) {
  return z.union([z.literal('').transform(() => null), id]).nullable()
}

/** PocketBase writes an empty text as `""` where we mean absence. */
export const optionalText = z.string().transform((text) => (text === '' ? null : text))

/** PocketBase writes `2026-11-22 18:19:00.000Z`; ISO 8601 has a `T`. */
export const timestampSchema = z.string().transform((text) => text.replace(' ', 'T'))
