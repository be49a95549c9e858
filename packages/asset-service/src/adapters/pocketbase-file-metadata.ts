/** File records in PocketBase, written under the service identity: the only one that its rules let write `files`. */
import PocketBase, { ClientResponseError } from 'pocketbase'
import { z } from 'zod'
import { StudioError } from '@studio/contracts/studio-error'
import { createServiceFetch } from '@studio/trpc-server/service-fetch'
import type { FileMetadata } from '../ports/file-metadata.ts'
import type { FileRow } from '../ports/file-registry.ts'

/** Shorter than the outbox's lease: a delivery has ended, one way or the other, when another may begin. */
const REQUEST_TIMEOUT_MS = 3_000

/** Relations that may lose their target between begin and delivery; the record is then written without them. */
const LOOSE_RELATIONS = ['card', 'asset', 'generation', 'owner'] as const
type LooseRelation = (typeof LOOSE_RELATIONS)[number]

interface PocketBaseOptions {
  url: string
  email: string
  password: string
  /** The issuer whose subjects are PocketBase users: only these can be a record's owner. */
  userIssuer: string
}

/** The part of PocketBase's error body that says which fields it refused, and why. */
const refusalSchema = z.object({ data: z.record(z.string(), z.object({ code: z.string() })) })

function refusedFields(error: unknown): Map<string, string> {
  if (!(error instanceof ClientResponseError) || error.status !== 400) return new Map()
  const refusal = refusalSchema.safeParse(error.response)
  return new Map(Object.entries(refusal.data?.data ?? {}).map(([field, { code }]) => [field, code]))
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ClientResponseError && (error.status === 401 || error.status === 403)
}

type FileRecord = Record<LooseRelation, string> & Record<string, string | number | boolean>

function toRecord(row: FileRow, userIssuer: string): FileRecord {
  const { request, observed, actor } = row
  return {
    id: row.fileId,
    name: request.name,
    mime_type: observed?.mimeType ?? request.mimeType,
    size: request.size,
    width: observed?.width ?? 0,
    height: observed?.height ?? 0,
    sha256: request.sha256 ?? observed?.readSha256 ?? '',
    usage: request.usage,
    path: request.path ?? '',
    attachment_only: observed?.secondType !== undefined,
    owner: actor.issuer === userIssuer ? actor.subject : '',
    project: request.projectId,
    card: request.cardId ?? '',
    asset: request.assetId ?? '',
    generation: request.generationId ?? '',
  }
}

async function orUnavailable(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    throw new StudioError('RECORDS_UNAVAILABLE', { cause })
  }
}

/** Nothing is asked of PocketBase before the first record. */
export function createPocketBaseFileMetadata(options: PocketBaseOptions): FileMetadata {
  const pocketbase = new PocketBase(options.url)
  // Of an answer the SDK reads the status and the JSON alone.
  const fetch = createServiceFetch() as unknown as typeof globalThis.fetch
  pocketbase.autoCancellation(false)
  pocketbase.beforeSend = (url, send) => ({
    url,
    options: { ...send, fetch, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) },
  })
  const collection = pocketbase.collection('files')

  let signingIn: Promise<unknown> | undefined
  const signIn = (): Promise<unknown> => {
    signingIn ??= pocketbase
      .collection('services')
      .authWithPassword(options.email, options.password)
      .finally(() => {
        signingIn = undefined
      })
    return signingIn
  }

  /** A token may have been revoked or outlived its key before its time, so one refusal is answered by signing in anew. */
  const asService = async (request: () => Promise<unknown>): Promise<void> => {
    if (!pocketbase.authStore.isValid) await signIn()
    try {
      await request()
    } catch (error) {
      if (!isUnauthorized(error)) throw error
      await signIn()
      await request()
    }
  }

  const createOnce = async (record: FileRecord): Promise<void> => {
    try {
      await asService(() => collection.create(record))
    } catch (error) {
      const refused = refusedFields(error)
      if (refused.has('id')) return void (await collection.getOne(record['id'] as string, { fields: 'id' }))
      const gone = LOOSE_RELATIONS.filter((relation) => refused.has(relation) && record[relation] !== '')
      if (gone.length === 0) throw error
      const cleared = Object.fromEntries(gone.map((relation) => [relation, '']))
      // PocketBase checks relations before it looks whether the id is taken, so the record may be there already.
      await createOnce({ ...record, ...cleared })
    }
  }

  const removeOnce = async (fileId: string): Promise<void> => {
    try {
      await collection.delete(fileId)
    } catch (error) {
      if (!(error instanceof ClientResponseError) || error.status !== 404) throw error
      // A token that PocketBase does not know any more makes us a guest, to whom every record is a 404: this says 401 then.
      await pocketbase.collection('services').authRefresh()
    }
  }

  return {
    createIfAbsent: (row) => orUnavailable(() => createOnce(toRecord(row, options.userIssuer))),
    noteChecksum: (row) =>
      orUnavailable(async () => {
        const record = toRecord(row, options.userIssuer)
        // The entry that writes the record may be late: then this writes it, and the other finds it there.
        await createOnce(record)
        await asService(() => collection.update(row.fileId, { sha256: record['sha256'] }))
      }),
    remove: (fileId) => orUnavailable(() => asService(() => removeOnce(fileId))),
    ping: () => orUnavailable(() => pocketbase.health.check()),
  }
}
