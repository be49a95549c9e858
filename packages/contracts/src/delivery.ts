/** How bytes leave: short-lived URLs for files that the caller may see. */
import { z } from 'zod'
import { errorCodeSchema } from './error-code.ts'
import { fileIdSchema } from './file.ts'
import { URLS_MAX_ITEMS } from './limits.ts'

/** `inline` is honoured only for types on the allow-list; every other file is an attachment. */
export const dispositionSchema = z.enum(['inline', 'attachment'])
export type Disposition = z.infer<typeof dispositionSchema>

export const urlRequestSchema = z.object({
  fileId: fileIdSchema,
  disposition: dispositionSchema.default('inline'),
})
export type UrlRequest = z.infer<typeof urlRequestSchema>

export const resolveUrlsSchema = z.object({ items: z.array(urlRequestSchema).max(URLS_MAX_ITEMS) })
export type ResolveUrls = z.infer<typeof resolveUrlsSchema>

/** One answer for each item asked for, in the same order. Unknown and forbidden ids look the same. */
export const resolvedUrlSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok'), fileId: fileIdSchema, url: z.string(), expiresAt: z.iso.datetime() }),
  z.object({ status: z.literal('error'), fileId: fileIdSchema, code: errorCodeSchema }),
])
export type ResolvedUrl = z.infer<typeof resolvedUrlSchema>

export const resolvedUrlsSchema = z.object({ items: z.array(resolvedUrlSchema) })
export type ResolvedUrls = z.infer<typeof resolvedUrlsSchema>
