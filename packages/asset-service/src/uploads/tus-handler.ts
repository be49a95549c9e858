/** tus 1.0 over HTTP: `@tus/server` for the protocol, and what it lacks: checksums, concatenation, errors from our list. */
import { Server } from '@tus/server'
import type { Readable } from 'node:stream'
import type { Actor } from '@studio/contracts/actor'
import { ERROR_CODES, type ErrorCode } from '@studio/contracts/error-code'
import { TUS_MAX_BYTES } from '@studio/contracts/limits'
import { StudioError, toStudioError } from '@studio/contracts/studio-error'
import {
  parseUploadMetadata,
  TUS_CHECKSUM_ALGORITHMS,
  TUS_METHODS,
  TUS_PATH,
  tusMethodOf,
} from '@studio/contracts/tus'
import { wireShape } from '@studio/trpc-server/error-shape'
import type { Ports } from '../ports/ports.ts'
import { concatenate } from './tus-concat.ts'
import { TusRequestStore, type TusRequest } from './tus-data-store.ts'
import type { BodyChecksum } from './tus-receive.ts'
import { createTusContext, type TusContext } from './tus-session.ts'

/** One HTTP request: its head without a body, and its body as the socket's stream. */
export interface TusExchange {
  actor: Actor
  request: Request
  body: Readable
  requestId: string
}

export interface TusHandler {
  /** Answers every method but GET, and OPTIONS, which is answered without asking who wants to know. Never rejects. */
  handle(exchange: TusExchange): Promise<Response>
}

const STALL_SECONDS = 30
const METHODS: ReadonlySet<string> = new Set(TUS_METHODS)

/** tus 1.0 gives these their own status: "Checksum Mismatch", and "Gone" for an upload that there was. */
const TUS_STATUS: Partial<Record<ErrorCode, number>> = { CHECKSUM_MISMATCH: 460, UPLOAD_ENDED: 410 }

/** What the library throws by itself, by status. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'UPLOAD_NOT_FOUND',
  409: 'OFFSET_MISMATCH',
  410: 'UPLOAD_ENDED',
  413: 'FILE_TOO_LARGE',
}

interface LibraryError {
  status_code: number
  body: string
}

function isLibraryError(error: unknown): error is LibraryError {
  return typeof error === 'object' && error !== null && 'status_code' in error && 'body' in error
}

function errorOf(thrown: unknown): StudioError {
  if (!isLibraryError(thrown)) return toStudioError(thrown)
  return errorOfStatus(thrown.status_code, thrown.body)
}

function errorOfStatus(status: number, body: string): StudioError {
  const code = CODE_OF_STATUS[status]
  if (code !== undefined) return new StudioError(code)
  if (status >= 500) return new StudioError('INTERNAL', { cause: body })
  return new StudioError('VALIDATION_FAILED', { message: body.trim() })
}

/** `sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=` (tus 1.0, "Upload-Checksum"). */
function readChecksum(header: string | null): BodyChecksum | undefined {
  if (header === null) return undefined
  const [name, digest, ...rest] = header.split(' ')
  const algorithm = TUS_CHECKSUM_ALGORITHMS.find((known) => known === name)
  if (algorithm !== undefined && digest !== undefined && rest.length === 0) return { algorithm, digest }
  throw new StudioError('VALIDATION_FAILED', { message: 'Upload-Checksum: not an algorithm of ours' })
}

function errorResponse(
  error: StudioError,
  { requestId }: TusExchange,
  { status, headers = new Headers() }: { status?: number; headers?: Headers } = {},
): Response {
  const body = JSON.stringify({ error: wireShape(error, requestId) })
  headers.set('content-type', 'application/json')
  headers.set('content-length', String(Buffer.byteLength(body)))
  headers.set('tus-resumable', '1.0.0')
  const answered = status ?? TUS_STATUS[error.code] ?? ERROR_CODES[error.code].status
  return new Response(body, { status: answered, headers })
}

function readRequest(
  { actor, request: { headers }, body }: TusExchange,
  method: string,
): Omit<TusRequest, 'stallSeconds'> {
  const uploadMetadata = headers.get('upload-metadata')
  return {
    actor,
    method,
    body,
    checksum: readChecksum(headers.get('upload-checksum')),
    uploadMetadata,
    // Before the library reads it, which is less strict, and says only that something is wrong.
    metadata: parseUploadMetadata(method === 'POST' ? uploadMetadata : null),
    concat: headers.get('upload-concat'),
  }
}

interface Attempt {
  response: Response
  /** Ours; absent where the library refused by itself. */
  error: StudioError | undefined
}

async function askLibrary(store: TusRequestStore, request: Request): Promise<Attempt> {
  let error: StudioError | undefined
  const server = new Server({
    path: TUS_PATH,
    // Right behind every proxy, the BFF's among them.
    relativeLocation: true,
    maxSize: TUS_MAX_BYTES,
    datastore: store,
    // The row's id is made with the row.
    namingFunction: () => 'new',
    locker: {
      newLock: (id) => ({
        lock: (_stop, onWanted) => store.lock(id, onWanted),
        unlock: () => store.unlock(),
      }),
    },
    lockDrainTimeout: 1,
    onResponseError: (_request, thrown) => {
      error = errorOf(thrown)
      return { status_code: ERROR_CODES[error.code].status, body: '' }
    },
  })
  const response = await server.handleWeb(request)
  // Which pages may read an answer is not the library's to say, and it would let all of them.
  const names = Object.keys(Object.fromEntries(response.headers))
  for (const name of names) if (name.startsWith('access-control-')) response.headers.delete(name)
  return { response, error }
}

/** What the library says of uploads in its memory only. */
function addHeaders({ headers }: Response, method: string, store: TusRequestStore): void {
  if (method !== 'HEAD') return
  const { concat = null, uploadMetadata = null } = store.upload ?? {}
  if (concat !== null) headers.set('upload-concat', concat)
  if (uploadMetadata !== null) headers.set('upload-metadata', uploadMetadata)
}

async function answer(context: TusContext, exchange: TusExchange, stallSeconds: number): Promise<Response> {
  const { headers, url } = exchange.request
  const method = tusMethodOf(exchange.request.method, headers.get('x-http-method-override'))
  if (!METHODS.has(method)) throw new StudioError('VALIDATION_FAILED', { message: `${method} is not of tus` })
  const tusRequest = { ...readRequest(exchange, method), stallSeconds }
  if (method === 'POST' && tusRequest.concat?.startsWith('final;')) return concatenate(context, tusRequest)
  const store = new TusRequestStore(context, tusRequest)
  const { response, error } = await askLibrary(store, new Request(url, { method, headers }))
  if (response.status < 400) {
    addHeaders(response, method, store)
    return response
  }
  if (method === 'POST') await store.abandon()
  if (error !== undefined) throw error
  const refused = errorOfStatus(response.status, await response.text())
  return errorResponse(refused, exchange, { status: response.status, headers: response.headers })
}

/** What the requests of one process share is made once. */
export function createTusHandler(ports: Ports): TusHandler {
  const context = createTusContext(ports)
  return {
    async handle(exchange) {
      try {
        return await answer(context, exchange, ports.tusStallSeconds ?? STALL_SECONDS)
      } catch (thrown) {
        const error = errorOf(thrown)
        if (ERROR_CODES[error.code].status >= 500) ports.onBackgroundError(error, 'answering a tus request')
        return errorResponse(error, exchange)
      }
    },
  }
}
