/** Uploads by each transport, as a client does them: every step may be repeated, and nothing is believed but an answer. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { callBff, putBytes, type Caller } from './bff-calls.ts'

const MIB = 1024 * 1024

export interface UploadRequest {
  readonly idempotencyKey: string
  readonly name: string
  readonly mimeType: string
  readonly size: number
  readonly sha256?: string
  readonly projectId: string
  readonly cardId: string
}

export interface Upload {
  readonly request: UploadRequest
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly sha256: string
}

const storedSchema = z.object({ fileId: z.string(), sha256: z.string().nullable(), size: z.number() })
export type Stored = z.infer<typeof storedSchema>

const urlSchema = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) })
const begunSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready'), fileId: z.string(), file: storedSchema }),
  z.object({
    state: z.literal('uploading'),
    fileId: z.string(),
    transport: z.discriminatedUnion('kind', [
      urlSchema.extend({ kind: z.literal('direct') }),
      z.object({ kind: z.literal('multipart'), partSize: z.number(), partCount: z.number() }),
    ]),
  }),
])
const partsSchema = z.object({
  assembled: z.boolean().optional(),
  parts: z.array(z.object({ partNumber: z.number() })),
})
const signedSchema = z.object({ parts: z.array(urlSchema) })

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export interface NewUpload {
  readonly size: number
  readonly projectId: string
  readonly cardId: string
  /** Content in place of a text. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  readonly mimeType?: string
}

/** A file that nobody has uploaded before. The Asset Service asks for no checksum of the whole where parts have theirs. */
export function newUpload({ size, projectId, cardId, bytes: given, mimeType }: NewUpload): Upload {
  const id = crypto.randomUUID()
  const bytes = given ?? new Uint8Array(size).fill(0x2e)
  if (given === undefined) bytes.set(new TextEncoder().encode(id))
  const sha256 = sha256Of(bytes)
  const request: UploadRequest = {
    idempotencyKey: id,
    name: `${id}.txt`,
    mimeType: mimeType ?? 'text/plain',
    size: bytes.length,
    ...(bytes.length > 16 * MIB ? {} : { sha256 }),
    projectId,
    cardId,
  }
  return { request, bytes, sha256 }
}

export async function begin(caller: Caller, { request }: Upload) {
  return begunSchema.parse(await callBff(caller, 'files.begin', request))
}

export async function complete(caller: Caller, input: { fileId: string; partDigests?: string[] }) {
  return storedSchema.parse(await callBff(caller, 'files.complete', input))
}

/** Four bytes of length (big-endian), the request as JSON, the bytes. */
export async function sendInline(caller: Caller, { request, bytes }: Upload): Promise<Stored> {
  const json = Buffer.from(JSON.stringify(request))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  const frame = Buffer.concat([length, json, bytes])
  return storedSchema.parse(await callBff(caller, 'files.uploadInline', frame))
}

export async function sendDirect(caller: Caller, upload: Upload): Promise<Stored> {
  const begun = await begin(caller, upload)
  if (begun.state === 'ready') return begun.file
  if (begun.transport.kind !== 'direct') throw new Error('not in one piece')
  await putBytes(begun.transport, upload.bytes)
  return complete(caller, begun)
}

/** Sends only what the store has not confirmed. */
export async function sendInParts(caller: Caller, upload: Upload): Promise<Stored> {
  const begun = await begin(caller, upload)
  if (begun.state === 'ready') return begun.file
  if (begun.transport.kind !== 'multipart') throw new Error('not in parts')
  const { fileId, transport } = begun
  const parts = Array.from({ length: transport.partCount }, (_, index) =>
    upload.bytes.slice(index * transport.partSize, (index + 1) * transport.partSize),
  )
  const partDigests = parts.map(sha256Of)
  const listed = partsSchema.parse(await callBff(caller, 'files.listParts', { fileId }))
  const there = new Set(listed.parts.map(({ partNumber }) => partNumber))
  for (const [index, part] of parts.entries()) {
    if (listed.assembled === true || there.has(index + 1)) continue
    const wanted = { fileId, parts: [{ partNumber: index + 1, sha256: partDigests[index] }] }
    const [signed] = signedSchema.parse(await callBff(caller, 'files.signParts', wanted)).parts
    if (signed === undefined) throw new Error('a part without a URL')
    await putBytes(signed, part)
  }
  return complete(caller, { fileId, partDigests })
}
