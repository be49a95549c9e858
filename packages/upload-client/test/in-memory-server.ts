/** A server that keeps uploads in memory and fails where it is told to: for retry and abort logic, not in place of a real one. */
import { createHash } from 'node:crypto'
import type { FileId } from '@studio/contracts/file'
import { StudioError } from '@studio/contracts/studio-error'
import {
  inlineUploadSchema,
  type BeginUploadInput,
  type DirectTransport,
  type StoredFile,
} from '@studio/contracts/upload'
import type { SendBytes } from '../src/send-bytes.ts'
import type { UploadApi } from '../src/upload-api.ts'

export type CallName = 'begin' | 'uploadInline' | 'put' | 'complete' | 'abort'

/**
 * `lost-request`: nobody hears the call. `lost-answer`: it takes effect, but nobody hears the answer. `unavailable`: 503.
 * `expired`: a PUT is answered 403. `damaged`: the bytes change on their way.
 */
export type Fault = 'none' | 'lost-request' | 'lost-answer' | 'unavailable' | 'expired' | 'damaged'

interface Row {
  fileId: FileId
  input: BeginUploadInput
  state: 'uploading' | 'ready' | 'expired'
  bytes: Uint8Array | undefined
}

export interface InMemoryServer {
  files: UploadApi
  sendBytes: SendBytes
  rows: Map<string, Row>
  calls: CallName[]
}

/** `onCall` hears of each call before it is handled and says what goes wrong with it. */
export function createInMemoryServer(onCall: (name: CallName, index: number) => Fault): InMemoryServer {
  const rows = new Map<string, Row>()
  const calls: CallName[] = []

  async function handle<Answer>(name: CallName, work: (fault: Fault) => Answer): Promise<Answer> {
    const fault = onCall(name, calls.push(name) - 1)
    if (fault === 'lost-request') throw new TypeError('fetch failed')
    if (fault === 'unavailable' && name !== 'put') throw new StudioError('REGISTRY_UNAVAILABLE')
    const answer = work(fault)
    if (fault === 'lost-answer') throw new TypeError('fetch failed')
    return answer
  }

  const files: UploadApi = {
    begin: (input) =>
      handle('begin', () => {
        const row = rowOf(rows, input)
        return row.state === 'ready'
          ? { state: 'ready', fileId: row.fileId, file: storedFile(row) }
          : { state: 'uploading', fileId: row.fileId, transport: transportOf(row) }
      }),
    uploadInline: async (form) => {
      const { request, bytes } = inlineUploadSchema.parse(form)
      const received = await bytes.bytes()
      return handle('uploadInline', () => {
        const row = rowOf(rows, request)
        row.bytes ??= received
        return finish(row)
      })
    },
    complete: ({ fileId }) => handle('complete', () => finish(findRow(rows, fileId))),
    abort: ({ fileId }) =>
      handle('abort', () => {
        const row = findRow(rows, fileId)
        if (row.state === 'ready') throw new StudioError('UPLOAD_ALREADY_COMPLETE')
        row.state = 'expired'
        row.bytes = undefined
        return { fileId, state: 'expired' }
      }),
  }

  const sendBytes: SendBytes = async ({ url, headers, body, onProgress }) => {
    const bytes = await body.bytes()
    onProgress(bytes.length)
    return handle('put', (fault) => {
      const row = findRow(rows, url.slice('memory:'.length))
      if (fault === 'damaged') return { status: 400, body: '<Code>BadDigest</Code>' }
      if (fault === 'expired') return { status: 403, body: '' }
      if (fault === 'unavailable') return { status: 503, body: '<Code>SlowDown</Code>' }
      if (headers['x-sha256'] !== sha256(bytes)) return { status: 400, body: '<Code>BadDigest</Code>' }
      row.bytes = bytes
      return { status: 200, body: '' }
    })
  }
  return { files, sendBytes, rows, calls }
}

/** 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function rowOf(rows: Map<string, Row>, input: BeginUploadInput): Row {
  const row = rows.get(input.idempotencyKey) ?? {
    fileId: `file${rows.size}`.padEnd(15, '0') as FileId,
    input,
    state: 'uploading',
    bytes: undefined,
  }
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
  if (sha256(row.bytes) !== row.input.sha256) throw new StudioError('CHECKSUM_MISMATCH')
  row.state = 'ready'
  return storedFile(row)
}

function storedFile({ fileId, input }: Row): StoredFile {
  const { name, mimeType, size, sha256 } = input
  return { fileId, name, mimeType, size, sha256, width: null, height: null, record: 'written' }
}

function transportOf({ fileId, input }: Row): DirectTransport {
  return {
    kind: 'direct',
    method: 'PUT',
    url: `memory:${fileId}`,
    headers: { 'x-sha256': input.sha256 },
    expiresAt: '2030-01-01T00:00:00.000Z',
  }
}
