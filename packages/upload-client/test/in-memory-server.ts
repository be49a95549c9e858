/** A server that keeps uploads in memory and fails where it is told to: for retry and abort logic, not in place of a real one. */
import { createHash } from 'node:crypto'
import type { FileId } from '@studio/contracts/file'
import { SINGLE_PUT_MAX_BYTES } from '@studio/contracts/limits'
import { inlineUploadSchema } from '@studio/contracts/inline-upload'
import { StudioError } from '@studio/contracts/studio-error'
import { type BeginUploadInput, type StoredFile, type Transport } from '@studio/contracts/upload'
import type { SendBytes } from '../src/send-bytes.ts'
import type { UploadApi } from '../src/upload-api.ts'

export type CallName =
  | 'begin'
  | 'uploadInline'
  | 'signParts'
  | 'listParts'
  | 'put'
  | 'tusHead'
  | 'tusPatch'
  | 'complete'
  | 'abort'

/**
 * `lost-request`: nobody hears the call. `lost-answer`: it takes effect, but nobody hears the answer. `unavailable`: 503.
 * `expired`: a PUT is answered 403, a tus request 401. `damaged`: the bytes change on their way. `cut`: half of a tus body arrives, and no answer.
 */
export type Fault = 'none' | 'lost-request' | 'lost-answer' | 'unavailable' | 'expired' | 'damaged' | 'cut'

/** Calls that are no procedures, and answer a status. */
const TAKES_BYTES: ReadonlySet<CallName> = new Set(['put', 'tusHead', 'tusPatch'])

interface Row {
  fileId: FileId
  input: BeginUploadInput
  state: 'uploading' | 'ready' | 'expired'
  bytes: Uint8Array | undefined
  parts: Map<number, Uint8Array>
}

export interface InMemoryServerOptions {
  /** Parts of so many bytes; without it, this server takes files in one piece only. */
  partSize?: number
  /** Takes what is not inline by tus, as one body. */
  isRelay?: boolean
}

export interface InMemoryServer {
  files: UploadApi
  sendBytes: SendBytes
  rows: Map<string, Row>
  calls: CallName[]
  /** Every part that the store has taken, in the order of their coming. */
  confirmed: number[]
  /** Lengths of what came by tus. */
  received: number[]
}

/** `onCall` hears of each call before it is handled and says what goes wrong with it. */
export function createInMemoryServer(
  onCall: (name: CallName, index: number) => Fault,
  { partSize, isRelay = false }: InMemoryServerOptions = {},
): InMemoryServer {
  const rows = new Map<string, Row>()
  const calls: CallName[] = []
  const confirmed: number[] = []
  const received: number[] = []

  async function handle<Answer>(name: CallName, work: (fault: Fault) => Answer): Promise<Answer> {
    const fault = onCall(name, calls.push(name) - 1)
    if (fault === 'lost-request') throw new TypeError('fetch failed')
    if (fault === 'unavailable' && !TAKES_BYTES.has(name)) throw new StudioError('REGISTRY_UNAVAILABLE')
    const result = work(fault)
    if (fault === 'lost-answer') throw new TypeError('fetch failed')
    return result
  }

  const files: UploadApi = {
    begin: (input) =>
      handle('begin', () => {
        const row = rowOf(rows, input, partSize ?? (isRelay ? 0 : undefined))
        return row.state === 'ready'
          ? { state: 'ready', fileId: row.fileId, file: storedFile(row) }
          : { state: 'uploading', fileId: row.fileId, transport: transportOf(row, { partSize, isRelay }) }
      }),
    uploadInline: async (frame) => {
      const { request, bytes } = inlineUploadSchema.parse(frame)
      const arrived = new Uint8Array(bytes)
      return handle('uploadInline', () => {
        const row = rowOf(rows, request, partSize)
        row.bytes ??= arrived
        return finish(row)
      })
    },
    signParts: ({ fileId, parts }) =>
      handle('signParts', () => {
        assertUploading(findRow(rows, fileId))
        return { parts: parts.map((part) => ({ ...part, ...addressOf(fileId, part) })) }
      }),
    listParts: ({ fileId }) =>
      handle('listParts', () => {
        const row = findRow(rows, fileId)
        assertUploading(row)
        const parts = [...row.parts].map(([partNumber, bytes]) => ({ partNumber, ...measure(bytes) }))
        return { parts }
      }),
    complete: ({ fileId, partDigests }) =>
      handle('complete', () => {
        const row = findRow(rows, fileId)
        if (partDigests !== undefined && row.state === 'uploading') assemble(row, partDigests)
        return finish(row)
      }),
    abort: ({ fileId }) =>
      handle('abort', () => {
        const row = findRow(rows, fileId)
        if (row.state === 'ready') throw new StudioError('UPLOAD_ALREADY_COMPLETE')
        row.state = 'expired'
        row.bytes = undefined
        return { fileId, state: 'expired' }
      }),
  }

  const put: SendBytes = async ({ url, headers, body, onProgress }) => {
    const bytes = await bytesOf(body)
    onProgress(bytes.length)
    return handle('put', (fault) => {
      const { pathname: fileId, searchParams } = new URL(url)
      const row = findRow(rows, fileId)
      if (fault === 'damaged') return answer(400, '<Code>BadDigest</Code>')
      if (fault === 'expired') return answer(403)
      if (fault === 'unavailable') return answer(503, '<Code>SlowDown</Code>')
      if (headers['x-sha256'] !== sha256(bytes)) return answer(400, '<Code>BadDigest</Code>')
      const partNumber = Number(searchParams.get('part'))
      if (partNumber === 0) row.bytes = bytes
      else {
        row.parts.set(partNumber, bytes)
        confirmed.push(partNumber)
      }
      return answer(200)
    })
  }

  const tus: SendBytes = async ({ method, url, headers, body, onProgress }) => {
    const bytes = await bytesOf(body)
    onProgress(bytes.length)
    return handle(method === 'HEAD' ? 'tusHead' : 'tusPatch', (fault) => {
      if (fault === 'expired' || headers.authorization === 'old') return answer(401)
      if (fault === 'unavailable') return answer(503)
      const row = findRow(rows, url.split('/').at(-1) ?? '')
      if (row.state === 'expired') return answer(410)
      const before = row.bytes ?? new Uint8Array()
      if (method === 'HEAD') return answer(200, '', { 'upload-offset': String(before.length) })
      if (Number(headers['upload-offset']) !== before.length) return answer(409)
      const arrived = fault === 'cut' ? bytes.subarray(0, bytes.length >> 1) : bytes
      row.bytes = new Uint8Array(Buffer.concat([before, arrived]))
      received.push(arrived.length)
      if (fault === 'cut') throw new TypeError('fetch failed')
      return answer(204, '', { 'upload-offset': String(row.bytes.length) })
    })
  }
  const sendBytes: SendBytes = (sent) => (sent.method === 'PUT' ? put(sent) : tus(sent))
  return { files, sendBytes, rows, calls, confirmed, received }
}

/** 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function rowOf(rows: Map<string, Row>, input: BeginUploadInput, partSize: number | undefined): Row {
  const row = rows.get(input.idempotencyKey) ?? {
    fileId: `file${rows.size}`.padEnd(15, '0') as FileId,
    input,
    state: 'uploading',
    bytes: undefined,
    parts: new Map(),
  }
  if (input.sha256 === undefined && partSize === undefined) throw new StudioError('CHECKSUM_REQUIRED')
  rows.set(input.idempotencyKey, row)
  if (row.input.sha256 !== input.sha256) throw new StudioError('IDEMPOTENCY_KEY_REUSED')
  if (row.state === 'expired') throw new StudioError('UPLOAD_ENDED')
  return row
}

function findRow(rows: Map<string, Row>, fileId: string): Row {
  for (const row of rows.values()) if (row.fileId === fileId) return row
  throw new StudioError('UPLOAD_NOT_FOUND')
}

function finish(row: Row): StoredFile {
  if (row.state === 'expired') throw new StudioError('UPLOAD_ENDED')
  if (row.bytes === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
  if (row.bytes.length !== row.input.size) throw new StudioError('SIZE_MISMATCH')
  if (row.input.sha256 !== undefined && sha256(row.bytes) !== row.input.sha256)
    throw new StudioError('CHECKSUM_MISMATCH')
  row.state = 'ready'
  return storedFile(row)
}

function storedFile({ fileId, input }: Row): StoredFile {
  const { name, mimeType, size, sha256 } = input
  return {
    fileId,
    name,
    mimeType,
    size,
    sha256: sha256 ?? null,
    width: null,
    height: null,
    record: 'written',
  }
}

function transportOf({ fileId, input }: Row, { partSize, isRelay }: Plan): Transport {
  const { size, sha256 } = input
  if (isRelay) return { kind: 'tus', url: `/tus/${fileId}` }
  if (partSize !== undefined && size > SINGLE_PUT_MAX_BYTES) {
    return { kind: 'multipart', partSize, partCount: Math.ceil(size / partSize) }
  }
  return { kind: 'direct', method: 'PUT', ...addressOf(fileId, { partNumber: 0, sha256: sha256 ?? '' }) }
}

function addressOf(fileId: FileId, { partNumber, sha256 }: { partNumber: number; sha256: string }) {
  const expiresAt = '2030-01-01T00:00:00.000Z'
  return { url: `memory:${fileId}?part=${partNumber}`, headers: { 'x-sha256': sha256 }, expiresAt }
}

function measure(bytes: Uint8Array) {
  return { size: bytes.length, sha256: sha256(bytes) }
}

function assertUploading({ state }: Row): void {
  if (state === 'expired') throw new StudioError('UPLOAD_ENDED')
  if (state === 'ready') throw new StudioError('UPLOAD_ALREADY_COMPLETE')
}

function assemble(row: Row, partDigests: readonly string[]): void {
  const parts = partDigests.map((digest, index) => {
    const part = row.parts.get(index + 1)
    if (part === undefined) throw new StudioError('UPLOAD_INCOMPLETE')
    if (sha256(part) !== digest) throw new StudioError('CHECKSUM_MISMATCH')
    return part
  })
  if (parts.length !== row.parts.size) throw new StudioError('PARTS_MISMATCH')
  row.bytes = new Uint8Array(Buffer.concat(parts))
}

interface Plan {
  partSize: number | undefined
  isRelay: boolean
}

async function bytesOf(body: Blob | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(body instanceof Blob ? await body.arrayBuffer() : body)
}

function answer(status: number, body = '', headers: Record<string, string> = {}) {
  return { status, headers, body }
}
